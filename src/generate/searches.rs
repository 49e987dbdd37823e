//! Searches by each parameter and by combinations of them, with values that are taken of a record that is there.

use super::claims::resource;
use super::discovery::{Find, params};
use super::expression::values;
use super::making::{Making, Wish, is_option, is_unwanted};
use super::names::quoted;
use super::wanted::{Parameter, Part, Resource};
use crate::standard::{
    Bounds, BundleExpectation, Count, EntryExpectation, Expectation, Maturity, OneOrMany, SearchMatch,
    StatusPattern, Step,
};

/// The requirements on searches of a type.
pub(super) fn of_resource(making: &mut Making<'_>, wanted: &Resource, option: Option<&str>) {
    for parameter in &wanted.parameters {
        one(making, wanted, parameter, option);
    }
    for combination in &wanted.combinations {
        together(making, wanted, combination, option);
    }
}

fn one(making: &mut Making<'_>, wanted: &Resource, parameter: &Part<Parameter>, option: Option<&str>) {
    let (kind, name) = (&wanted.kind, &parameter.what.name);
    let made = values(making.packages, kind, &parameter.what);
    if let Err(reason) = &made {
        making.not_covered.push(format!("{kind}.search.{name}: what it finds; {reason}"));
        if is_option(parameter.expectation) {
            return;
        }
    }
    let verb = if is_unwanted(parameter.expectation) { "is not" } else { "can be" };
    let wish = Wish {
        id: format!("{kind}.search.{name}"),
        area: kind,
        text: format!("{kind} {verb} searched by {name}."),
        part: parameter,
        claim: vec![format!("{kind}.search.{name}")],
        maturity: parameter.what.maturity,
        option,
    };
    let Some(id) = making.require(wish) else { return };
    if !is_option(parameter.expectation) {
        let path = format!("{}.searchParam.where(name = {}).exists()", resource(kind), quoted(name));
        making.claim(&id, parameter.expectation, &format!("the search parameter {name} of {kind}"), path);
    }
    if let Ok(made) = made
        && !is_unwanted(parameter.expectation)
    {
        let title = format!("{kind} is found by {name}");
        let missing = format!("Load a record of type {kind} that has a value for {name}.");
        search(making, (&id, title, missing), kind, &[(name.clone(), made)]);
    }
}

fn together(
    making: &mut Making<'_>,
    wanted: &Resource,
    combination: &Part<Vec<String>>,
    option: Option<&str>,
) {
    let (kind, names) = (&wanted.kind, &combination.what);
    let joined = names.join("+");
    let mut made = Vec::new();
    let mut least: Option<Maturity> = None;
    for name in names {
        let listed = wanted.parameters.iter().map(|part| &part.what).find(|known| known.name == *name);
        let unlisted = Parameter { name: name.clone(), definition: None, maturity: None };
        let parameter = listed.unwrap_or(&unlisted);
        least = least.into_iter().chain(parameter.maturity).min();
        match values(making.packages, kind, parameter) {
            Ok(value) => made.push((name.clone(), value)),
            Err(reason) => {
                making.not_covered.push(format!("{kind}.search.{joined}: {name}: {reason}"));
                return;
            }
        }
    }
    if is_unwanted(combination.expectation) {
        making.not_covered.push(format!("{kind}.search.{joined}, which is not to be offered"));
        return;
    }
    let wish = Wish {
        id: format!("{kind}.search.{joined}"),
        area: kind,
        text: format!("{kind} can be searched by {} together.", names.join(" and ")),
        part: combination,
        claim: names.iter().map(|name| format!("{kind}.search.{name}")).collect(),
        maturity: least,
        option,
    };
    let Some(id) = making.require(wish) else { return };
    let title = format!("{kind} is found by {}", names.join(" and "));
    let missing = format!("Load a record of type {kind} that has values for {}.", names.join(" and "));
    search(making, (&id, title, missing), kind, &made);
}

/// The scenario of a search by values of one record.
fn search(
    making: &mut Making<'_>,
    (id, title, missing): (&str, String, String),
    kind: &str,
    made: &[(String, String)],
) {
    let kept: Vec<(String, String)> = made
        .iter()
        .enumerate()
        .map(|(index, (_, path))| (format!("value{}", index + 1), path.clone()))
        .collect();
    let placed: Vec<String> = kept.iter().map(|(name, _)| format!("${{{name}}}")).collect();
    let find = Find { kind, values: kept };
    let (uses, mut steps) = find.steps(making);
    let names: Vec<String> = made.iter().map(|(name, _)| name.clone()).collect();
    steps.push(Step {
        search: Some(kind.to_owned()),
        params: params(names.iter().map(String::as_str).zip(placed.iter().map(String::as_str))),
        missing: Some(missing),
        expect: Some(OneOrMany::One(found(kind, Some(SearchMatch::Only(names.clone()))))),
        ..Step::default()
    });
    making.scenario(id, &format!("{kind}-search-{}", names.join("-")), title, uses, steps);
}

/// That a search finds at least one record, and nothing else than what was asked for.
pub(super) fn found(kind: &str, matches: Option<SearchMatch>) -> Expectation {
    let at_least_one = Count::Between(Bounds { min: 1, max: None });
    Expectation {
        status: Some(OneOrMany::One(StatusPattern::Exact(200))),
        resource: Some("Bundle".to_owned()),
        bundle: Some(BundleExpectation {
            kind: Some("searchset".to_owned()),
            count: Some(at_least_one),
            ..BundleExpectation::default()
        }),
        every_entry: Some(OneOrMany::One(EntryExpectation {
            resource: Some(kind.to_owned()),
            matches_search: matches,
            ..EntryExpectation::default()
        })),
        ..Expectation::default()
    }
}
