//! On what footing products stand under frameworks, and where frameworks demand different things of one standard.

use std::collections::BTreeMap;

use serde::Serialize;

use super::framework::{Demand, DemandedLevel, Framework, Waivers};
use super::product::Listed;
use super::{Entry, State};
use crate::certificate::StandardFacts;
use crate::run::Verdict;
use crate::standard::Role;

/// A product under a framework.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Footing {
    /// The supplier.
    pub supplier: String,
    /// The product.
    pub product: String,
    /// How far each demand is met, in the order of the framework.
    pub demands: Vec<Reach>,
}

/// How far a demand is met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// The standard that is demanded.
    pub standard: String,
    /// The entry that comes nearest, with the version that it is of: `4.2 (careconnect@1.3.0, certified)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listed: Option<String>,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// What it lacks; nothing, where the demand is met.
    pub lacks: Vec<String>,
}

impl Footing {
    /// Whether every demand is met.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.demands.iter().all(|reach| reach.lacks.is_empty())
    }
}

/// Something that frameworks do not demand alike of one standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Inconsistency {
    /// The standard's id.
    pub standard: String,
    /// The role.
    pub role: Role,
    /// What they do not demand alike: versions, level, maturity, assurance or waivers.
    pub what: &'static str,
    /// What is demanded, with the frameworks that demand it.
    pub demanded: BTreeMap<String, Vec<String>>,
    /// Whether nothing satisfies all of them.
    pub excludes: bool,
}

/// Where each product stands under a framework that has a listing by one of its standards.
#[must_use]
pub fn footings(products: &[Listed<'_>], framework: &Framework, day: &str) -> Vec<Footing> {
    let names = |entry: &Entry, demand: &Demand| facts(entry, demand).is_some();
    products
        .iter()
        .filter(|listed| {
            let mut demands = framework.demands.iter();
            demands.any(|demand| listed.entries.iter().any(|entry| names(entry, demand)))
        })
        .map(|listed| Footing {
            supplier: listed.product.supplier.clone(),
            product: listed.product.name.clone(),
            demands: framework.demands.iter().map(|demand| reach(listed, demand, day)).collect(),
        })
        .collect()
}

/// What frameworks do not demand alike.
#[must_use]
pub fn inconsistencies(frameworks: &[Framework]) -> Vec<Inconsistency> {
    let mut demands: BTreeMap<(&str, String), Vec<(&Framework, &Demand)>> = BTreeMap::new();
    for framework in frameworks {
        for demand in &framework.demands {
            let key = (demand.standard.as_str(), demand.role.to_string());
            demands.entry(key).or_default().push((framework, demand));
        }
    }
    let mut found = Vec::new();
    for ((standard, _), demands) in demands {
        let Some((_, first)) = demands.first() else { continue };
        let common = |version: &String| demands.iter().all(|(_, demand)| demand.versions.contains(version));
        let excludes = !first.versions.iter().any(common);
        let mut compare = |what: &'static str, excludes: bool, said: &dyn Fn(&Demand) -> String| {
            let mut demanded: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (framework, demand) in &demands {
                demanded.entry(said(demand)).or_default().push(framework.id.clone());
            }
            if demanded.len() > 1 {
                let (standard, role) = (standard.to_owned(), first.role);
                found.push(Inconsistency { standard, role, what, demanded, excludes });
            }
        };
        compare("versions", excludes, &|demand| {
            let mut versions = demand.versions.clone();
            versions.sort();
            versions.dedup();
            versions.join(" or ")
        });
        compare("level", false, &|demand| demand.level.to_string());
        compare("maturity", false, &|demand| demand.maturity.to_string());
        compare("assurance", false, &|demand| demand.assurance.to_string());
        compare("waivers", false, &|demand| demand.waivers.to_string());
    }
    found
}

/// The entry of a product that comes nearest to a demand, and what it lacks.
fn reach(listed: &Listed<'_>, demand: &Demand, day: &str) -> Reach {
    let nearest = listed
        .entries
        .iter()
        // The newest wins among those that lack as little.
        .rev()
        .filter_map(|entry| Some((entry, facts(entry, demand)?)))
        .map(|(entry, facts)| (entry, facts, lacks(entry, facts, demand, day)))
        .min_by_key(|(_, _, lacks)| lacks.len());
    let standard = demand.standard.clone();
    match nearest {
        None => {
            let versions = demand.versions.join(" or ");
            let lacks = vec![format!("a listing by {standard}@{versions} as {}", demand.role)];
            Reach { standard, listed: None, entry: None, lacks }
        }
        Some((entry, facts, lacks)) => {
            let worth = entry.certificate().map(|one| format!(", {}", one.assurance)).unwrap_or_default();
            let listed = format!("{} ({}@{}{worth})", entry.version, facts.id, facts.version);
            Reach { standard, listed: Some(listed), entry: Some(entry.id.clone()), lacks }
        }
    }
}

fn facts<'e>(entry: &'e Entry, demand: &Demand) -> Option<&'e StandardFacts> {
    let mut standards = entry.predicate.run.standards.iter();
    standards.find(|facts| facts.id == demand.standard && facts.role == demand.role)
}

/// What an entry lacks for a demand, in words.
fn lacks(entry: &Entry, facts: &StandardFacts, demand: &Demand, day: &str) -> Vec<String> {
    let mut lacks = Vec::new();
    let mut say = |what: String| lacks.push(what);
    let state = entry.state(day);
    if state != State::Current {
        say(format!("it is {state}"));
    }
    if !demand.versions.contains(&facts.version) {
        say(format!(
            "version {} is demanded, and it is listed by {}",
            demand.versions.join(" or "),
            facts.version
        ));
    }
    match facts.verdict {
        Verdict::Conformant => {}
        Verdict::ConformantWithWaivers if demand.waivers == Waivers::Admitted => {}
        Verdict::ConformantWithWaivers => {
            say("it is conformant with waivers, which are not admitted".to_owned());
        }
        other => say(format!("it is {other}")),
    }
    if demand.level == DemandedLevel::Should && facts.counts.advisory_failed > 0 {
        say(format!(
            "{} requirements that only advise failed, and SHOULD is demanded",
            facts.counts.advisory_failed
        ));
    }
    if facts.maturity.status.is_less_than(demand.maturity) {
        say(format!("the standard is {}, and {} is demanded", facts.maturity.status, demand.maturity));
    }
    if let Some(reference) = entry.certificate().filter(|one| one.assurance < demand.assurance) {
        say(format!("it is {}, and {} is demanded", reference.assurance, demand.assurance));
    }
    if let Some(selection) = &entry.predicate.run.selection {
        say(format!("only a part was tested: {selection}"));
    }
    lacks
}
