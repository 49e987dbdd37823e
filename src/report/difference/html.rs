//! The comparison as a page that needs nothing from elsewhere.

use minijinja::{Value, context};

use super::words::{self, DIRECTIONS};
use crate::comparison::{
    ComparedProfile, Comparison, ProfileStanding, RequirementChange, RequirementDifference, Source, Tally,
};
use crate::inert::value;
use crate::profile::difference::{Answer, Change, Direction, ElementDifference, Gap, ProfileIdentity};
use crate::report::template;

const TEMPLATE: &str = include_str!("difference.html");

/// The comparison as a page.
pub fn render(comparison: &Comparison) -> Result<String, minijinja::Error> {
    let standing = |standing| -> Vec<(usize, &ComparedProfile)> {
        let profiles = comparison.profiles.iter().enumerate();
        profiles.filter(|(_, profile)| profile.standing == standing).collect()
    };
    let views = |standing_: ProfileStanding| -> Vec<Value> {
        standing(standing_).into_iter().map(|(number, profile)| profile_view(number, profile)).collect()
    };
    let view = context! {
        style => template::style(),
        title => format!("{} and {} compared", value(&comparison.older.name), value(&comparison.newer.name)),
        tool => &comparison.tool,
        older => source(&comparison.older),
        newer => source(&comparison.newer),
        sentence => words::sentence(comparison),
        tone => tone_of(comparison.older_may_fail),
        older_may_fail => words::answer(comparison.older_may_fail),
        newer_may_fail => words::answer(comparison.newer_may_fail),
        tally => tally(comparison.tally),
        changed => views(ProfileStanding::Changed),
        undetermined => views(ProfileStanding::Undetermined),
        added => views(ProfileStanding::Added),
        removed => views(ProfileStanding::Removed),
        unchanged => views(ProfileStanding::Unchanged),
        requirements => comparison.requirements.as_ref().map(|found| found.iter().map(requirement).collect::<Vec<Value>>()),
    };
    template::render("difference.html", TEMPLATE, view)
}

fn tone_of(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "fail",
        Answer::Unknown => "open",
        Answer::No => "pass",
    }
}

/// A direction for the template: words, sign and the class of its colour.
fn direction(direction: Direction) -> Value {
    let tone = match direction {
        Direction::Tighter => "fail",
        Direction::Looser => "pass",
        Direction::Changed => "open",
    };
    context! { words => words::heading(direction), sign => words::sign(direction), tone }
}

fn profile_view(number: usize, profile: &ComparedProfile) -> Value {
    let groups: Vec<Value> = DIRECTIONS
        .into_iter()
        .map(|way| {
            let elements: Vec<Value> = words::going(profile, way).into_iter().map(element).collect();
            context! { direction => direction(way), count => profile.count(way), elements }
        })
        .collect();
    let url = |identity: &Option<ProfileIdentity>| identity.as_ref().map(|identity| identity.url.clone());
    let identity = profile.identity();
    context! {
        anchor => format!("profile-{number}"),
        name => identity.map(words::short_name),
        type_name => identity.map(|identity| &identity.type_name),
        url => identity.map(|identity| &identity.url),
        versions => words::versions(profile),
        former_url => words::why_matched(profile).and(url(&profile.older)),
        why_matched => words::why_matched(profile),
        older_may_fail => profile.older_may_fail.map(words::answer),
        newer_may_fail => profile.newer_may_fail.map(words::answer),
        groups,
        gaps => profile.gaps.iter().map(gap).collect::<Vec<Value>>(),
    }
}

fn tally(tally: Tally) -> Value {
    context! {
        tighter => tally.tighter,
        tighter_deciding => tally.tighter_deciding,
        looser => tally.looser,
        changed => tally.changed,
        profiles_changed => tally.profiles_changed,
        unchanged => tally.profiles_unchanged,
        added => tally.profiles_added,
        removed => tally.profiles_removed,
        undetermined => tally.profiles_undetermined,
    }
}

fn source(source: &Source) -> Value {
    context! { name => &source.name, fhir => &source.fhir }
}

fn gap(gap: &Gap) -> Value {
    context! { reason => &gap.reason, elements => &gap.elements }
}

fn fact(change: &RequirementChange) -> Value {
    context! { what => &change.what, older => &change.older, newer => &change.newer }
}

fn element((difference, changes): (&ElementDifference, Vec<&Change>)) -> Value {
    let changes: Vec<Value> = changes
        .into_iter()
        .map(|change| {
            context! {
                text => words::change(change),
                values => words::values(change),
            }
        })
        .collect();
    context! { name => words::element(difference), changes }
}

fn requirement(difference: &RequirementDifference) -> Value {
    context! {
        id => &difference.id,
        standing => words::requirement_standing(difference.standing),
        level => difference.level.to_string(),
        direction => direction(difference.direction),
        text => &difference.text,
        changes => difference.changes.iter().map(fact).collect::<Vec<Value>>(),
    }
}
