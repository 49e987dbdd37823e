//! The comparison as text for a terminal of 80 columns: what is stricter first.

use super::words::{self, DIRECTIONS};
use crate::comparison::{
    ComparedProfile, Comparison, ProfileStanding, RequirementDifference, RequirementStanding,
};
use crate::inert::{one_line, value};
use crate::profile::difference::{Answer, Direction};
use crate::report::Style;
use crate::report::terminal::layout::{Page, counted};
use crate::report::terminal::style::{BOLD, FAINT, GREEN, RED, YELLOW};

/// The comparison as text.
#[must_use]
pub fn render(comparison: &Comparison, style: Style) -> String {
    let mut page = Page::new(style);
    head(&mut page, comparison);
    let standing = |standing| -> Vec<&ComparedProfile> {
        comparison.profiles.iter().filter(|profile| profile.standing == standing).collect()
    };
    for profile in standing(ProfileStanding::Changed) {
        differences(&mut page, profile);
    }
    for profile in standing(ProfileStanding::Undetermined) {
        profile_head(&mut page, profile);
        page.indented(2, "No difference was found, but not everything could be compared.");
        gaps(&mut page, profile);
    }
    list(&mut page, "Profiles added", &standing(ProfileStanding::Added));
    list(&mut page, "Profiles removed", &standing(ProfileStanding::Removed));
    let unchanged = standing(ProfileStanding::Unchanged);
    if !unchanged.is_empty() {
        page.heading(&counted(unchanged.len(), "profile unchanged", "profiles unchanged"));
        let names: Vec<String> = unchanged.iter().map(|profile| name(profile)).collect();
        page.indented(2, &names.join(", "));
    }
    if let Some(differences) = &comparison.requirements {
        requirements(&mut page, differences);
    }
    page.finish()
}

fn head(page: &mut Page, comparison: &Comparison) {
    let ink = match comparison.older_may_fail {
        Answer::Yes => RED,
        Answer::Unknown => YELLOW,
        Answer::No => GREEN,
    };
    let sign = match comparison.older_may_fail {
        Answer::Yes => "▲",
        Answer::Unknown => "?",
        Answer::No => "✓",
    };
    page.hanging(&[BOLD, ink], sign, &words::sentence(comparison));
    page.blank();
    for (label, source) in [("Older", &comparison.older), ("Newer", &comparison.newer)] {
        page.row(label, &format!("{} (FHIR {})", one_line(&source.name), source.fhir));
    }
    let tally = comparison.tally;
    let stricter = counted(tally.tighter, "change", "changes");
    page.row("Stricter", &format!("{stricter}, of which {} can make a record fail", tally.tighter_deciding));
    page.row("Looser", &counted(tally.looser, "change", "changes"));
    page.row("Other", &counted(tally.changed, "change", "changes"));
    page.row(
        "Profiles",
        &format!(
            "{} changed, {} unchanged, {} added, {} removed",
            tally.profiles_changed, tally.profiles_unchanged, tally.profiles_added, tally.profiles_removed
        ),
    );
    if tally.profiles_undetermined > 0 {
        let count = tally.profiles_undetermined;
        page.row("", &format!("{count} without a difference found, but not compared in full"));
    }
    page.row("The other way", &format!("what meets the newer {} the older", backwards(comparison)));
}

fn backwards(comparison: &Comparison) -> &'static str {
    match comparison.newer_may_fail {
        Answer::Yes => "may fail",
        Answer::No => "meets",
        Answer::Unknown => "is not known to meet",
    }
}

fn name(profile: &ComparedProfile) -> String {
    profile.identity().map(|identity| value(words::short_name(identity))).unwrap_or_default()
}

fn profile_head(page: &mut Page, profile: &ComparedProfile) {
    let Some(identity) = profile.identity() else { return };
    page.heading(&format!(
        "{} ({}), {}",
        name(profile),
        value(&identity.type_name),
        one_line(&words::versions(profile))
    ));
    page.verbatim(2, &[FAINT], &one_line(&identity.url));
    if let (Some(older), Some(why)) = (&profile.older, words::why_matched(profile)) {
        page.verbatim(2, &[FAINT], &format!("formerly {}", one_line(&older.url)));
        page.painted(2, FAINT, why);
    }
}

fn differences(page: &mut Page, profile: &ComparedProfile) {
    profile_head(page, profile);
    for direction in DIRECTIONS {
        let found = words::going(profile, direction);
        if found.is_empty() {
            continue;
        }
        let ink = match direction {
            Direction::Tighter => RED,
            Direction::Looser => GREEN,
            Direction::Changed => YELLOW,
        };
        page.blank();
        page.painted(
            2,
            ink,
            &format!(
                "{} {}: {}",
                words::sign(direction),
                words::heading(direction),
                profile.count(direction)
            ),
        );
        for (element, changes) in found {
            page.painted(4, BOLD, &words::element(element));
            for change in changes {
                let numbers = words::values(change).filter(|_| words::is_cardinality(change));
                let numbers = numbers.map(|numbers| format!(": {numbers}")).unwrap_or_default();
                page.indented(6, &format!("{}{numbers}", words::change(change)));
            }
        }
    }
    gaps(page, profile);
}

fn gaps(page: &mut Page, profile: &ComparedProfile) {
    if profile.gaps.is_empty() {
        return;
    }
    page.blank();
    page.painted(2, YELLOW, "? Not compared");
    for gap in &profile.gaps {
        page.indented(4, &one_line(&gap.reason));
        if !gap.elements.is_empty() {
            page.indented(6, &one_line(&gap.elements.join(", ")));
        }
    }
}

fn list(page: &mut Page, title: &str, profiles: &[&ComparedProfile]) {
    if profiles.is_empty() {
        return;
    }
    page.heading(&format!("{title}: {}", profiles.len()));
    for profile in profiles {
        if let Some(identity) = profile.identity() {
            page.verbatim(2, &[], &format!("{} ({})", one_line(&identity.url), value(&identity.type_name)));
        }
    }
}

fn requirements(page: &mut Page, differences: &[RequirementDifference]) {
    if differences.is_empty() {
        page.heading("No difference in the requirements");
        return;
    }
    let count = counted(differences.len(), "requirement differs", "requirements differ");
    page.heading(&count);
    for direction in DIRECTIONS {
        let found: Vec<&RequirementDifference> =
            differences.iter().filter(|difference| difference.direction == direction).collect();
        if found.is_empty() {
            continue;
        }
        page.blank();
        page.indented(
            2,
            &format!("{} {}: {}", words::sign(direction), words::heading(direction), found.len()),
        );
        for difference in found {
            let standing = words::requirement_standing(difference.standing);
            page.painted(4, BOLD, &format!("{} ({standing}), {}", value(&difference.id), difference.level));
            if difference.standing != RequirementStanding::Changed {
                page.indented(6, &one_line(&difference.text));
            }
            for change in &difference.changes {
                let said =
                    |text: &Option<String>| text.as_deref().map_or_else(|| "nothing".to_owned(), one_line);
                page.indented(
                    6,
                    &format!("{}: {} → {}", change.what, said(&change.older), said(&change.newer)),
                );
            }
        }
    }
}
