//! The page as a whole: the answer, what decides it, what was covered, and where the rest is.

use minijinja::{Value, context};

use super::{link, must_support, requirement, scenario, standing};
use crate::check::Outcome;
use crate::inert::value;
use crate::report::aspect::{self, AspectRow};
use crate::report::capability;
use crate::report::case::Index;
use crate::report::changes::Changes;
use crate::report::facts;
use crate::report::format::Evidence;
use crate::report::notices;
use crate::report::open::{self, OpenGroup};
use crate::report::standing::{Standing, decides, verdict_symbol, verdict_tone};
use crate::report::template;
use crate::run::{CapabilityResult, DataSource, RequirementResult, RunRecord, StandardResult, Verdict};

/// All that the template needs.
pub(super) fn view(index: &Index<'_>, evidence: &Evidence<'_>, style: Value) -> Value {
    let record = index.record;
    let (failed, not_applicable, to_declare) =
        (Standing::Failed, Standing::NotApplicable, Standing::ToBeDeclared);
    let in_short = |standing| -> Vec<Value> {
        with(record, standing).map(|requirement| requirement::in_short(index, requirement)).collect()
    };
    let groups = open::groups(index);
    context! {
        style,
        known => record.requirements.iter().map(|one| link::anchor(&one.id)).collect::<Vec<String>>(),
        title => title(record),
        standards => record.standards.iter().map(standard).collect::<Vec<Value>>(),
        run => run(record),
        data => data(record),
        failed => in_short(failed),
        deciding => groups.iter().filter(|group| group.decides).map(|one| group(one, decides)).collect::<Vec<Value>>(),
        open => groups.iter().map(|one| group(one, |_| true)).collect::<Vec<Value>>(),
        not_applicable => in_short(not_applicable),
        to_declare => in_short(to_declare),
        waived => waived(record),
        baseline => baseline(record),
        columns => Standing::ALL.map(standing).to_vec(),
        areas => areas(index),
        interoperability => interoperability(index),
        levels => requirement::levels(record),
        standings => standings(record),
        must_support => must_support::view(record),
        scenarios => scenarios(index, evidence),
    }
}

fn title(record: &RunRecord) -> String {
    let answers: Vec<String> = record
        .standards
        .iter()
        .map(|standard| format!("{}: {} {}", words(standard.verdict), standard.title, standard.version))
        .collect();
    format!("{} – conformance report", answers.join("; "))
}

fn standard(standard: &StandardResult) -> Value {
    let counts = standard.counts;
    // The sentence ends with the areas covered; they are said, but not as large as the verdict.
    let (sentence, scope) = match standard.sentence.split_once(". ") {
        Some((sentence, scope)) => (format!("{sentence}."), scope),
        None => (standard.sentence.clone(), ""),
    };
    context! {
        id => &standard.id,
        title => &standard.title,
        version => &standard.version,
        digest => &standard.digest,
        role => standard.role.to_string(),
        maturity => standard.maturity.status.to_string(),
        label => &standard.maturity.label,
        not_covered => standard.not_covered.clone(),
        verdict => words(standard.verdict),
        symbol => verdict_symbol(standard.verdict),
        tone => verdict_tone(standard.verdict),
        sentence,
        scope,
        mandatory => counts.mandatory,
        passed => counts.mandatory_passed,
        failed => counts.mandatory_failed,
        open => counts.mandatory_open,
        waived => counts.mandatory_waived,
        capabilities => standard.capabilities.values().map(part).collect::<Vec<_>>(),
        advisory => counts.advisory_failed,
        to_declare => counts.to_be_declared,
    }
}

/// A part of the standard that a system may offer.
fn part(part: &CapabilityResult) -> Value {
    context! {
        title => &part.title,
        verdict => capability::verdict(part),
        symbol => capability::symbol(part),
        tone => capability::tone(part),
        counts => capability::counts(part),
    }
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Conformant => "Conformant",
        Verdict::ConformantWithWaivers => "Conformant with waivers",
        Verdict::NotConformant => "Not conformant",
        Verdict::Incomplete => "Incomplete",
    }
}

fn run(record: &RunRecord) -> Value {
    let supplier = record.supplier.clone().unwrap_or_default();
    context! {
        supplier => supplier.name,
        product => supplier.product,
        product_version => supplier.version,
        environment => supplier.environment,
        tested_by => supplier.tested_by,
        inputs => &record.inputs.sha256,
        judged => (record.judged != record.ended).then(|| template::in_words(&record.judged)),
        endpoint => &record.endpoint.url,
        started => &record.started,
        started_words => template::in_words(&record.started),
        seconds => format!("{}.{}", record.duration_ms / 1000, record.duration_ms % 1000 / 100),
        interrupted => record.interrupted,
        flaky => record.exchanges.iter().filter(|exchange| exchange.flaky.is_some()).count(),
        tool => format!("{} {}", record.tool.name, record.tool.version),
        policy => &record.settings.policy,
        selection => record.settings.selection.clone(),
        terminology => record.terminology.as_ref().map(notices::terminology),
        other_baseline => notices::baseline(record),
        timeout => record.settings.timeout_ms,
        exchanges => record.exchanges.len(),
        scenarios => record.scenarios.len(),
        requirements => record.requirements.len(),
    }
}

fn data(record: &RunRecord) -> Vec<Value> {
    let sources = [
        (DataSource::Example, "Example records of the standard"),
        (DataSource::Configured, "The supplier’s own records"),
        (DataSource::Discovered, "Records of the supplier’s that were discovered"),
        (DataSource::Missing, "Optional records that were not given"),
    ];
    let named = |source| -> Vec<&str> {
        record.data.iter().filter(|used| used.source == source).map(|used| used.name.as_str()).collect()
    };
    sources
        .into_iter()
        .map(|(source, title)| (title, named(source)))
        .filter(|(_, names)| !names.is_empty())
        .map(|(title, names)| context! { title, names => names.join(", ") })
        .collect()
}

fn areas(index: &Index<'_>) -> Vec<Value> {
    let mut areas = Vec::new();
    for standard in &index.record.standards {
        for (key, title) in &standard.areas {
            let anchor = format!("area-{}-{}", link::anchor(&standard.id), link::anchor(key));
            areas.push(area(index, title, &anchor, |requirement| {
                requirement.area == *key
                    && index.standard(requirement).is_some_and(|owner| std::ptr::eq(owner, standard))
            }));
        }
    }
    // Nothing that was judged may be missing from the page, even where the standard does not name its area.
    let named = |key: &str| index.record.standards.iter().any(|standard| standard.areas.contains_key(key));
    if index.record.requirements.iter().any(|requirement| !named(&requirement.area)) {
        areas.push(area(index, "Other requirements", "area-other", |requirement| !named(&requirement.area)));
    }
    areas
}

/// The aspects, technical apart from semantic.
fn interoperability(index: &Index<'_>) -> Vec<Value> {
    let rows = aspect::rows(index);
    let (semantic, technical): (Vec<AspectRow<'_>>, Vec<AspectRow<'_>>) =
        rows.into_iter().partition(|row| row.aspect.is_semantic());
    [
        ("Technical: does it arrive, and in the right shape?", technical),
        ("Semantic: is it understood?", semantic),
    ]
    .into_iter()
    .map(|(title, rows)| {
        context! { title, rows => rows.iter().map(aspect_row).collect::<Vec<Value>>() }
    })
    .collect()
}

fn aspect_row(row: &AspectRow<'_>) -> Value {
    let failed = row.failed.iter();
    context! {
        name => aspect::name(row.aspect),
        question => row.question(),
        met => row.met,
        failed => failed.map(|one| context! { id => &one.id, anchor => link::anchor(&one.id) }).collect::<Vec<Value>>(),
        open => row.open,
        to_declare => row.to_declare,
        unchecked => row.unchecked,
    }
}

/// The standings that any requirement has, as the filters name them.
fn standings(record: &RunRecord) -> Vec<Value> {
    let has = |standing: &Standing| record.requirements.iter().any(|one| Standing::of(one) == *standing);
    let present = Standing::ALL.into_iter().filter(has);
    present.map(|one| context! { key => one.key(), words => one.words(), symbol => one.symbol() }).collect()
}

fn area(index: &Index<'_>, title: &str, anchor: &str, belongs: impl Fn(&RequirementResult) -> bool) -> Value {
    let requirements: Vec<&RequirementResult> =
        index.record.requirements.iter().filter(|requirement| belongs(requirement)).collect();
    let count = |standing| requirements.iter().filter(|one| Standing::of(one) == standing).count();
    context! {
        title,
        anchor,
        total => requirements.len(),
        counts => Standing::ALL.map(count).to_vec(),
        requirements => requirements.iter().map(|one| requirement::view(index, one)).collect::<Vec<Value>>(),
    }
}

/// The scenario cases, with those first that a reader looks for.
fn scenarios(index: &Index<'_>, evidence: &Evidence<'_>) -> Vec<Value> {
    let titles = ["Scenarios that did not pass", "Scenarios that passed", "Scenarios that did not apply"];
    let place = |outcome| match outcome {
        Outcome::Fail | Outcome::Inconclusive | Outcome::NotDemonstrated => 0,
        Outcome::Pass => 1,
        Outcome::NotApplicable => 2,
    };
    let mut groups: [Vec<Value>; 3] = [Vec::new(), Vec::new(), Vec::new()];
    for made in &index.record.scenarios {
        groups[place(made.outcome)].push(scenario::view(index, made, evidence));
    }
    let filled = titles.into_iter().zip(groups).filter(|(_, cases)| !cases.is_empty());
    filled.map(|(title, cases)| context! { title, cases }).collect()
}

/// A reason, with those of its requirements that are asked for.
fn group(group: &OpenGroup<'_>, wanted: impl Fn(&RequirementResult) -> bool) -> Value {
    let requirements: Vec<Value> = group
        .requirements
        .iter()
        .filter(|one| wanted(one))
        .map(|one| context! { id => &one.id, anchor => link::anchor(&one.id) })
        .collect();
    context! {
        standing => standing(group.standing),
        reason => value(&group.reason),
        decides => group.decides,
        requirements,
        scenarios => group.scenarios.len(),
    }
}

fn waived(record: &RunRecord) -> Vec<Value> {
    let waived = record.requirements.iter().filter_map(|one| Some((one, facts::waiver(one)?)));
    waived
        .map(|(one, waiver)| context! { id => &one.id, anchor => link::anchor(&one.id), text => &one.text, waiver })
        .collect()
}

/// What came out otherwise than in the run that this one is compared with.
fn baseline(record: &RunRecord) -> Option<Value> {
    let baseline = record.baseline.as_ref()?;
    let changes: Vec<Value> = Changes::of(record)
        .parts()
        .into_iter()
        .filter(|(_, changed)| !changed.is_empty())
        .map(|(title, changed)| {
            let links = changed.iter().map(|id| context! { id => *id, anchor => link::anchor(id) });
            context! { title, requirements => links.collect::<Vec<Value>>() }
        })
        .collect();
    Some(context! { started => template::in_words(&baseline.started), changes })
}

fn with(record: &RunRecord, standing: Standing) -> impl Iterator<Item = &RequirementResult> {
    record.requirements.iter().filter(move |requirement| Standing::of(requirement) == standing)
}
