//! Slices: which values belong to which, and how many of each there are.

use crate::fhir::Element;
use crate::profile::rules::{cardinality, slicing};
use crate::profile::{Answer, Issue, Severity, Slice, Slicing};

use super::walk::{Layer, Layers, Walk};

impl<'a> Walk<'a> {
    /// Sorts values into slices, adds each slice's rules to its values, and counts them. `places` says which of all
    /// the values these are; `own` holds the layers of all.
    pub(super) fn slices(
        &mut self,
        parent: Element<'a>,
        all: &[Element<'a>],
        places: &[usize],
        slicing: &'a Slicing,
        layer: Layer<'a>,
        own: &mut [Layers<'a>],
    ) {
        let values: Vec<Element<'a>> = places.iter().map(|place| all[*place]).collect();
        let sorted: Vec<Option<usize>> =
            values.iter().map(|value| slicing.slice_of(*value, self.knowledge)).collect();
        for (index, slice) in slicing.slices.iter().enumerate() {
            if self.reported_defect(parent, slice, layer) {
                continue;
            }
            let slice_layer = Layer { schema: layer.schema, element: &slice.element };
            let members: Vec<usize> = places
                .iter()
                .zip(&sorted)
                .filter(|(_, found)| **found == Some(index))
                .map(|(place, _)| *place)
                .collect();
            for place in &members {
                own[*place].push(slice_layer);
            }
            let left =
                values.iter().zip(&sorted).filter(|(_, found)| found.is_none()).map(|(value, _)| *value);
            let inside: Vec<Element<'a>> = members.iter().map(|place| all[*place]).collect();
            self.count(parent, slice, slice_layer, &inside, left);
            if let Some(inner) = &slice.element.slicing
                && (!members.is_empty() || slice.element.cardinality.min > 0)
            {
                self.slices(parent, all, &members, inner, slice_layer, own);
            }
        }
        let is_unsure = |value| slicing.is_unsure(value, self.knowledge);
        let mut issues = slicing::check_closed(slicing, &values, &sorted, is_unsure);
        // Where a kind cannot be told, the order cannot either.
        if !slicing.slices.iter().any(|slice| slice.defect().is_some()) {
            issues.extend(slicing::check_order(slicing, &values, &sorted));
        }
        for issue in issues {
            self.report(issue, Some(layer));
        }
    }

    /// Counts the values of a slice. `left` are the values of no slice: where they may be of this one, but what would
    /// tell is not here, what is missing cannot be told either.
    fn count<'t>(
        &mut self,
        parent: Element<'_>,
        slice: &Slice,
        layer: Layer<'_>,
        members: &[Element<'_>],
        left: impl Iterator<Item = Element<'t>>,
    ) {
        let what = format!("`{}` of the kind `{}`", slice.element.name, slice.name);
        let Some(mut issue) = slice.element.cardinality.check(&what, members, parent) else { return };
        if issue.code == cardinality::TOO_FEW.name {
            let possible =
                left.filter(|value| slice.holds(*value, self.knowledge) == Answer::Unknown).count();
            if members.len() + possible >= slice.element.cardinality.min as usize {
                issue.severity = Severity::Undecided;
            }
        }
        self.report(issue, Some(layer));
    }

    /// A slice that the profile gives no means to tell is the profile's defect, reported once.
    fn reported_defect(&mut self, parent: Element<'_>, slice: &Slice, layer: Layer<'_>) -> bool {
        let Some(why) = slice.defect() else { return false };
        let message = format!("part of the profile was not checked: {why}");
        // Whether a kind that must be there is, nobody can say.
        let must_be = slice.element.cardinality.min > 0;
        let severity = if must_be { Severity::Undecided } else { Severity::NotChecked };
        self.report(Issue::at(parent, &slicing::NOT_CHECKED, severity, message), Some(layer));
        true
    }
}
