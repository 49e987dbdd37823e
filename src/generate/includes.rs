//! `_include` and `_revinclude`: that records come with those that they refer to, or that refer to them.

use super::claims::resource;
use super::discovery::{Find, params};
use super::expression::values;
use super::making::{Making, Wish, is_option, is_unwanted};
use super::names::{is_type, quoted};
use super::searches::found;
use super::wanted::{Parameter, Part, Resource};
use crate::standard::{Bounds, Count, OneOrMany, Step};

/// The two ways of including.
#[derive(Clone, Copy)]
struct Way {
    /// The parameter.
    parameter: &'static str,
    /// The element of a CapabilityStatement that lists what can be included.
    element: &'static str,
    /// The word of ids and conditions.
    word: &'static str,
    /// Whether what is included refers to the matches, and not they to it.
    is_reverse: bool,
}

const INCLUDE: Way =
    Way { parameter: "_include", element: "searchInclude", word: "include", is_reverse: false };
const REVERSE: Way =
    Way { parameter: "_revinclude", element: "searchRevInclude", word: "revinclude", is_reverse: true };

/// The requirements on what searches of a type may include.
pub(super) fn of_resource(making: &mut Making<'_>, wanted: &Resource, option: Option<&str>) {
    for (way, parts) in [(INCLUDE, &wanted.includes), (REVERSE, &wanted.reverse_includes)] {
        for part in parts {
            one(making, wanted, way, part, option);
        }
    }
}

fn one(making: &mut Making<'_>, wanted: &Resource, way: Way, part: &Part<String>, option: Option<&str>) {
    let (kind, name) = (&wanted.kind, &part.what);
    let tried = tried(making, wanted, way, name);
    if let Err(reason) = &tried {
        making.not_covered.push(format!("{kind}.{}.{name}: what it includes; {reason}", way.word));
        if is_option(part.expectation) {
            return;
        }
    }
    let verb = if is_unwanted(part.expectation) { "do not offer" } else { "offer" };
    let wish = Wish {
        id: format!("{kind}.{}.{name}", way.word),
        area: kind,
        text: format!("Searches of {kind} {verb} {}={name}.", way.parameter),
        part,
        claim: vec![format!("{kind}.{}.{name}", way.word)],
        maturity: None,
        option,
    };
    let Some(id) = making.require(wish) else { return };
    if !is_option(part.expectation) {
        let path = format!("{}.{}.where($this = {}).exists()", resource(kind), way.element, quoted(name));
        making.claim(&id, part.expectation, &format!("{}={name} of {kind}", way.parameter), path);
    }
    if let Ok((find, step)) = tried
        && !is_unwanted(part.expectation)
    {
        let (uses, mut steps) = find.steps(making);
        steps.push(step);
        let title = format!("{}={name} of {kind}", way.parameter);
        making.scenario(&id, &format!("{kind}-{}-{name}", way.word), title, uses, steps);
    }
}

/// The record that shows it, and the step.
fn tried<'w>(
    making: &Making<'_>,
    wanted: &'w Resource,
    way: Way,
    name: &'w str,
) -> Result<(Find<'w>, Step), String> {
    let mut parts = name.split(':');
    let (Some(source), Some(parameter)) = (parts.next().filter(|source| is_type(source)), parts.next())
    else {
        return Err("it names no type and parameter".to_owned());
    };
    let kind = wanted.kind.as_str();
    if !way.is_reverse && source != kind {
        return Err(format!("its type is not {kind}"));
    }
    let has_id = wanted.parameters.iter().any(|known| known.what.name == "_id");
    if way.is_reverse && !has_id {
        return Err("the records that are referred to are not searched by _id".to_owned());
    }
    let reference = Parameter { name: parameter.to_owned(), definition: None, maturity: None };
    let held = values(making.packages, source, &reference)?;
    let (find, query) = if way.is_reverse {
        let id = format!(
            "{held}.where(matches('(^|.*/){kind}/[A-Za-z0-9.-]+$')).select(replaceMatches('^.*/', ''))"
        );
        let values = vec![("recordId".to_owned(), id)];
        let find = Find { kind: source, values };
        (find, vec![("_id", "${recordId}")])
    } else if has_id {
        let recorded = vec![("recordId".to_owned(), "id".to_owned()), ("referred".to_owned(), held)];
        (Find { kind, values: recorded }, vec![("_id", "${recordId}")])
    } else {
        let values = vec![("referred".to_owned(), held)];
        (Find { kind, values }, vec![(parameter, "${referred}")])
    };
    let mut query = params(query);
    query.insert(way.parameter.to_owned(), OneOrMany::One(name.to_owned()));
    let mut group = found(kind, None);
    if let Some(bundle) = &mut group.bundle {
        bundle.included = Some(Count::Between(Bounds { min: 1, max: None }));
    }
    let missing = if way.is_reverse {
        format!("Load a record of type {source} whose {parameter} refers to a record of type {kind}.")
    } else {
        format!("Load a record of type {kind} whose {parameter} refers to another record.")
    };
    let step = Step {
        search: Some(kind.to_owned()),
        params: query,
        requires: find.values.iter().map(|(name, _)| name.clone()).collect(),
        missing: Some(missing),
        expect: Some(OneOrMany::One(group)),
        ..Step::default()
    };
    Ok((find, step))
}
