//! What text and page say alike.

use crate::comparison::{ComparedProfile, Comparison, MatchedBy, RequirementStanding};
use crate::inert::value;
use crate::profile::difference::{
    Answer, Aspect, Change, Direction, ElementDifference, Presence, ProfileIdentity,
};

/// The directions in the order of a report.
pub(super) const DIRECTIONS: [Direction; 3] = [Direction::Tighter, Direction::Looser, Direction::Changed];

/// A direction as a heading.
pub(super) fn heading(direction: Direction) -> &'static str {
    match direction {
        Direction::Tighter => "Stricter",
        Direction::Looser => "Looser",
        Direction::Changed => "Other",
    }
}

/// The sign of a direction, so that colour is never the only one.
pub(super) fn sign(direction: Direction) -> &'static str {
    match direction {
        Direction::Tighter => "▲",
        Direction::Looser => "▽",
        Direction::Changed => "◆",
    }
}

/// The answer to what everybody asks first.
pub(super) fn sentence(comparison: &Comparison) -> String {
    let both = comparison.profiles.iter().any(|profile| profile.matched_by.is_some());
    if !both {
        return "The two versions have no profile in common.".to_owned();
    }
    match (comparison.older_may_fail, comparison.newer_may_fail) {
        (Answer::No, Answer::No) if nothing_differs(comparison) => "No difference was found.".to_owned(),
        (Answer::No, _) => "What met the older version meets the newer.".to_owned(),
        (Answer::Yes, _) => "What met the older version may fail the newer.".to_owned(),
        (Answer::Unknown, _) => {
            "Nothing stricter was found, but not everything could be compared.".to_owned()
        }
    }
}

fn nothing_differs(comparison: &Comparison) -> bool {
    comparison.profiles.iter().all(|profile| profile.elements.is_empty() && profile.matched_by.is_some())
}

/// Whether records of one version may fail the other.
pub(super) fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "may fail",
        Answer::No => "cannot fail",
        Answer::Unknown => "not known",
    }
}

/// How a requirement stands.
pub(super) fn requirement_standing(standing: RequirementStanding) -> &'static str {
    match standing {
        RequirementStanding::Added => "new",
        RequirementStanding::Removed => "gone",
        RequirementStanding::Changed => "changed",
    }
}

/// `CareConnect-Patient-1`
pub(super) fn short_name(profile: &ProfileIdentity) -> &str {
    profile.url.rsplit('/').next().unwrap_or(&profile.url)
}

/// `1.0.0 → 2.0.0`, or nothing where neither has a version.
pub(super) fn versions(profile: &ComparedProfile) -> String {
    let version = |identity: &Option<ProfileIdentity>| {
        let version = identity.as_ref().and_then(|identity| identity.version.clone());
        version.unwrap_or_else(|| "no version".to_owned())
    };
    match (&profile.older, &profile.newer) {
        (Some(_), Some(_)) => format!("{} → {}", version(&profile.older), version(&profile.newer)),
        (Some(_), None) => version(&profile.older),
        _ => version(&profile.newer),
    }
}

/// Why two profiles of different names were compared; nothing where they have one URL.
pub(super) fn why_matched(profile: &ComparedProfile) -> Option<&'static str> {
    match profile.matched_by? {
        MatchedBy::Url => None,
        MatchedBy::Name => Some("compared because type and name are the same; the URL is another"),
        MatchedBy::Only => Some("compared because each version holds this one profile only"),
        MatchedBy::Asked => Some("compared as asked"),
    }
}

/// The element with what is to be known of it.
pub(super) fn element(difference: &ElementDifference) -> String {
    let name = value(&difference.element);
    match difference.presence {
        Presence::Added => format!("{name} (new)"),
        Presence::Removed => format!("{name} (gone)"),
        Presence::Both => name,
    }
}

/// The change in words.
pub(super) fn change(change: &Change) -> String {
    let said = match (change.aspect, &change.older, &change.newer) {
        (Aspect::Presence | Aspect::Min, Some(one), None)
        | (Aspect::Presence | Aspect::Min, None, Some(one)) => {
            format!(", {one}")
        }
        _ => String::new(),
    };
    let note = if change.decides || change.direction == Direction::Changed {
        ""
    } else {
        " (no record fails by it)"
    };
    format!("{}{said}{note}", value(&change.text))
}

/// What the two versions say, where the words do not tell it already.
pub(super) fn values(change: &Change) -> Option<String> {
    let told = matches!(
        change.aspect,
        Aspect::Presence
            | Aspect::Fixed
            | Aspect::Pattern
            | Aspect::MinValue
            | Aspect::MaxValue
            | Aspect::MustSupport
            | Aspect::IsModifier
            | Aspect::SliceName
    );
    let said = |text: &Option<String>| text.as_deref().map_or_else(|| "–".to_owned(), value);
    let both = !is_cardinality(change) || change.older.is_some() && change.newer.is_some();
    (!told && both).then(|| format!("{} → {}", said(&change.older), said(&change.newer)))
}

/// Whether the values are short enough to stand beside the words.
pub(super) fn is_cardinality(change: &Change) -> bool {
    matches!(change.aspect, Aspect::Min | Aspect::Max)
}

/// The changes of one direction, each with its element.
pub(super) fn going(
    profile: &ComparedProfile,
    direction: Direction,
) -> Vec<(&ElementDifference, Vec<&Change>)> {
    let of = |element: &'_ ElementDifference| -> Vec<usize> {
        (0..element.changes.len()).filter(|index| element.changes[*index].direction == direction).collect()
    };
    profile
        .elements
        .iter()
        .map(|element| {
            (element, of(element).into_iter().map(|index| &element.changes[index]).collect::<Vec<_>>())
        })
        .filter(|(_, changes)| !changes.is_empty())
        .collect()
}
