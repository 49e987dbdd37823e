//! The snapshots that profiles are published with, brought to one form.

use super::definition::ElementDefinition;
use super::snapshot::type_suffix;

/// Published snapshots list a choice that is narrowed to one type in more than one way: STU3's under the name of
/// the type, R4's twice, as a list closed to one type and its one slice.
pub(super) fn name_choices_alike(mut elements: Vec<ElementDefinition>) -> Vec<ElementDefinition> {
    let mut renamed: Option<(String, String)> = None;
    for element in &mut elements {
        if let Some((from, to)) = &renamed
            && let Some(rest) = element.path.strip_prefix(from.as_str()).filter(|rest| rest.starts_with('.'))
        {
            element.path = format!("{to}{rest}");
        }
        let base = element.base.as_ref().and_then(|base| base.path.rsplit('.').next());
        let Some(choice) = base.filter(|base| type_suffix(base, element.name()).is_some()) else { continue };
        let from = element.path.clone();
        element.path = format!("{}{choice}", from.strip_suffix(element.name()).unwrap_or_default());
        renamed = Some((from, element.path.clone()));
    }
    let one_type = |element: &ElementDefinition| {
        element.name().ends_with("[x]")
            && element
                .slicing
                .as_ref()
                .is_some_and(|slicing| slicing.rules == "closed" && slicing.is_by_type())
    };
    let mut index = 0;
    while index + 1 < elements.len() {
        if one_type(&elements[index]) && elements[index + 1].path == elements[index].path {
            elements.remove(index);
            elements[index].slice_name = None;
        }
        index += 1;
    }
    elements
}
