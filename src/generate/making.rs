//! The standard in the making: requirements, scenarios and claims, each under an id of its own.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::names::slug;
use super::wanted::Part;
use crate::package::PackageSet;
use crate::standard::{
    Aspect, Condition, DataNeed, Expectation, ExplainedPath, Level, Maturity, Method, MustSupport, OneOrMany,
    PathExpectation, Requirement, Role, Scenario, Step,
};

/// The area of what is required of the server as a whole.
pub(super) const SERVER: &str = "server";

/// The standard in the making.
pub(super) struct Making<'m> {
    /// All definitions at hand.
    pub(super) packages: &'m PackageSet,
    /// The maturity of the source.
    pub(super) maturity: Maturity,
    /// The resource types whose records can be searched by their patient.
    pub(super) of_patients: HashSet<String>,
    /// What no scenario is made of.
    pub(super) not_covered: Vec<String>,
    /// The areas.
    pub(super) areas: IndexMap<String, String>,
    /// The records that the supplier may name.
    pub(super) data: IndexMap<String, DataNeed>,
    /// The requirements made so far.
    pub(super) requirements: Vec<Requirement>,
    /// The scenarios made so far.
    pub(super) scenarios: Vec<Scenario>,
    /// What the server's CapabilityStatement is expected to say.
    pub(super) claims: Vec<Expectation>,
    prefix: String,
    taken: HashSet<String>,
}

/// What is to be made a requirement.
pub(super) struct Wish<'w, T> {
    /// What the id ends in: `Patient.search.identifier`.
    pub(super) id: String,
    /// The area.
    pub(super) area: &'w str,
    /// What it says.
    pub(super) text: String,
    /// Where it comes from.
    pub(super) part: &'w Part<T>,
    /// What a server claims that offers it, as conditions name it.
    pub(super) claim: Vec<String>,
    /// How finished what it rests on is, where that is not the source itself.
    pub(super) maturity: Option<Maturity>,
    /// The resource type, where offering that is an option.
    pub(super) option: Option<&'w str>,
}

impl<'m> Making<'m> {
    pub(super) fn new(packages: &'m PackageSet, prefix: String, maturity: Maturity) -> Self {
        Self {
            packages,
            maturity,
            of_patients: HashSet::new(),
            not_covered: Vec::new(),
            areas: IndexMap::new(),
            data: IndexMap::new(),
            requirements: Vec::new(),
            scenarios: Vec::new(),
            claims: Vec::new(),
            prefix,
            taken: HashSet::new(),
        }
    }

    /// A requirement. Returns its id; `None` where there is one of that id already.
    pub(super) fn require<T>(&mut self, wish: Wish<'_, T>) -> Option<String> {
        let id = format!("{}/{}", self.prefix, wish.id);
        if !self.taken.insert(id.clone()) {
            return None;
        }
        let mut claims: Vec<String> = wish.option.map(str::to_owned).into_iter().collect();
        if is_option(wish.part.expectation) {
            claims.extend(wish.claim);
        }
        claims.dedup();
        let when = (!claims.is_empty())
            .then(|| Condition { capability: OneOrMany::Many(claims), ..Condition::default() });
        let own = wish.maturity.unwrap_or(self.maturity);
        self.requirements.push(Requirement {
            id: id.clone(),
            level: wish.part.expectation.unwrap_or(Level::Shall),
            implied: wish.part.expectation.is_none(),
            role: Role::Server,
            area: wish.area.to_owned(),
            aspects: Vec::new(),
            text: wish.text,
            clause: wish.part.clause.clone(),
            maturity: if own.is_less_than(self.maturity) { own } else { self.maturity },
            when,
            verified_by: Method::Automated,
            must_support: None,
            question: None,
            replaces: Vec::new(),
            note: None,
        });
        Some(id)
    }

    /// Says what the requirement is about that was made last.
    pub(super) fn about(&mut self, aspects: &[Aspect]) {
        if let Some(made) = self.requirements.last_mut() {
            made.aspects = aspects.to_vec();
        }
    }

    /// A requirement that the answers of the run show what a profile flags as must support.
    pub(super) fn show_must_support<T>(&mut self, wish: Wish<'_, T>, profile: &str) {
        if self.require(wish).is_some()
            && let Some(made) = self.requirements.last_mut()
        {
            made.must_support = Some(MustSupport { profile: profile.to_owned(), elements: Vec::new() });
            made.aspects = vec![Aspect::Structure];
        }
    }

    /// An expectation on the server's CapabilityStatement, for a requirement.
    pub(super) fn claim(&mut self, id: &str, level: Option<Level>, says: &str, path: String) {
        let (says, path, hint) = if is_unwanted(level) {
            (format!("that it does not claim {says}"), format!("({path}).not()"), "Offer it no more.")
        } else {
            (format!("that it claims {says}"), path, "Offer it, and say so in the CapabilityStatement.")
        };
        let path = PathExpectation::Explained(ExplainedPath {
            says: Some(says),
            path,
            equals: None,
            hint: Some(hint.to_owned()),
        });
        self.claims.push(Expectation {
            verifies: vec![id.to_owned()],
            fhirpath: Some(OneOrMany::One(path)),
            ..Expectation::default()
        });
    }

    /// A scenario for one requirement; its id is made of `name`.
    pub(super) fn scenario(
        &mut self,
        id: &str,
        name: &str,
        title: String,
        uses: Vec<String>,
        steps: Vec<Step>,
    ) {
        let first = slug(name);
        let mut scenario = first.clone();
        let mut number = 2;
        while self.scenarios.iter().any(|known| known.scenario == scenario) {
            scenario = format!("{first}-{number}");
            number += 1;
        }
        self.scenarios.push(Scenario {
            scenario,
            title,
            verifies: vec![id.to_owned()],
            may_use: uses,
            steps,
            ..Scenario::default()
        });
    }
}

/// Whether something of that expectation need not be offered: only what is claimed has to be right.
pub(super) fn is_option(level: Option<Level>) -> bool {
    matches!(level, None | Some(Level::May))
}

/// Whether something of that expectation is better not offered.
pub(super) fn is_unwanted(level: Option<Level>) -> bool {
    matches!(level, Some(Level::ShouldNot | Level::ShallNot))
}
