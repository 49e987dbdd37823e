//! The validator: a resource in, issues out.

use std::sync::Arc;

use crate::fhir::{Element, ParseError, Position, Tree};
use crate::profile::rules::structure;
use crate::profile::{Code, Issue, SchemaSet, Severity};

use super::knowledge::{Knowledge, Memory};
use super::options::Options;
use super::walk::Walk;

/// A profile that a resource claims is not loaded.
pub(super) const PROFILE_NOT_LOADED: Code = Code {
    name: "profile-not-loaded",
    title: "A profile is not in the loaded packages",
    what: "Each profile that a resource names in meta.profile, or that is asked for, is one of the loaded packages.",
    why: "A profile that is not loaded is not checked, and what is not checked is not passed.",
    example: "Load it with --package NAME#VERSION, --package FILE.tgz or --ig FILE.",
    specification: "https://hl7.org/fhir/STU3/resource.html#profile-tags",
};

/// A profile is one of another resource type.
pub(super) const WRONG_PROFILE: Code = Code {
    name: "wrong-profile",
    title: "A profile is one of another resource type",
    what: "The profiles that a resource names, or is judged by, constrain its own type.",
    why: "A Patient cannot follow a profile on Observation.",
    example: "wrong:  a Patient whose meta.profile names CareConnect-Observation-1",
    specification: "https://hl7.org/fhir/STU3/profiling.html",
};

/// There are more issues than are listed.
pub(super) const TOO_MANY_ISSUES: Code = Code {
    name: "too-many-issues",
    title: "There are more findings than are listed",
    what: "After a thousand findings in one resource the rest is not listed.",
    why: "The resource cannot be called valid: what is not listed may be an error.",
    example: "Mend the first findings and validate again.",
    specification: "https://hl7.org/fhir/STU3/validation.html",
};

/// Checking was given up, because it took too long.
pub(super) const TOO_LONG: Code = Code {
    name: "too-long-to-check",
    title: "A resource takes too long to check",
    what: "Checking one resource ends after some seconds.",
    why: "Real resources take milliseconds. One that is made to be slow must not stop a run; what was not checked is not passed.",
    example: "Ten thousand contained resources that all refer to each other.",
    specification: "https://hl7.org/fhir/STU3/validation.html",
};

/// A text is not JSON or XML at all.
pub(super) const MALFORMED: Code = Code {
    name: "malformed",
    title: "A text is not well-formed JSON or XML",
    what: "A resource is one JSON object or one XML document, in UTF-8, with no document type declaration.",
    why: "Nothing can be learnt from a text that cannot be read.",
    example: "wrong:  { \"resourceType\": \"Patient\"\nright:  { \"resourceType\": \"Patient\" }",
    specification: "https://hl7.org/fhir/STU3/formats.html",
};

/// A file or line could not be read.
pub(super) const NOT_READ: Code = Code {
    name: "not-read",
    title: "A file, or a line of one, could not be read",
    what: "Each file that is given can be opened and read, and neither it nor a line of NDJSON is larger than any real \
        resource.",
    why: "What was not read was not checked, and what was not checked is not passed.",
    example: "A file that is gone, that is larger than 64 MB, or that the user has no right to read.",
    specification: "https://hl7.org/fhir/STU3/validation.html",
};

/// How often a resource is judged anew with what a terminology service told.
const MAX_ROUNDS: usize = 3;

/// How many issues of one resource are listed.
const MAX_ISSUES: usize = 1000;

/// Judges resources by the schemas of a set of packages. Can be shared between threads.
#[derive(Debug, Clone)]
pub struct Validator {
    schemas: Arc<SchemaSet>,
    options: Arc<Options>,
}

/// What was found in one resource, in the order of the source.
#[derive(Debug, Clone, Default)]
pub struct Validation {
    /// The issues.
    pub issues: Vec<Issue>,
}

impl Validation {
    /// The weightiest severity found.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.issues.iter().map(|issue| issue.severity).max()
    }

    /// How many issues of one severity there are.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.issues.iter().filter(|issue| issue.severity == severity).count()
    }
}

impl Validation {
    /// The validation of a text that cannot be read.
    #[must_use]
    pub fn malformed(error: &ParseError) -> Self {
        let message = format!("not well-formed {}: {}", error.format, error.message);
        Self::of_nothing(&MALFORMED, Severity::Error, Some(error.position), message)
    }

    /// The validation of a file or line that could not be read; the message says which and why.
    #[must_use]
    pub fn not_read(message: String) -> Self {
        Self::of_nothing(&NOT_READ, Severity::Undecided, None, message)
    }

    /// The one issue where there is no resource to look at.
    fn of_nothing(code: &Code, severity: Severity, position: Option<Position>, message: String) -> Self {
        let issue = Issue {
            code: code.name,
            severity,
            path: String::new(),
            position,
            definitions: Vec::new(),
            message,
            expected: None,
            actual: None,
        };
        Self { issues: vec![issue] }
    }
}

impl Validator {
    /// A validator with the schemas given.
    #[must_use]
    pub fn new(schemas: Arc<SchemaSet>) -> Self {
        Self { schemas, options: Arc::default() }
    }

    /// The same with other options.
    #[must_use]
    pub fn with_options(self, options: Options) -> Self {
        Self { options: Arc::new(options), ..self }
    }

    /// The same, where nobody is expected to hold the codes of these systems.
    #[must_use]
    pub fn without_codes_of(self, systems: &[String]) -> Self {
        let options = Options { unheld_code_systems: systems.to_vec(), ..(*self.options).clone() };
        self.with_options(options)
    }

    /// The schemas that it judges by.
    #[must_use]
    pub fn schemas(&self) -> &SchemaSet {
        &self.schemas
    }

    /// Validates a whole text: the shape of its JSON or XML, its type, the profiles given, and those that
    /// it names itself.
    #[must_use]
    pub fn validate(&self, tree: &Tree, profiles: &[String]) -> Validation {
        self.validate_resource(tree.root(), profiles)
    }

    /// The same, where a terminology service is asked about the codes that come up. It takes as long as the service does.
    #[must_use]
    pub fn validate_asking(&self, tree: &Tree, profiles: &[String]) -> Validation {
        let terminology = self.schemas.terminology();
        let mut told = terminology.asked();
        let mut validation = self.validate(tree, profiles);
        // Without a service there is one walk. What a service tells can raise further questions.
        for _ in 0..MAX_ROUNDS {
            terminology.ask();
            let now = terminology.asked();
            if now == told {
                break;
            }
            told = now;
            validation = self.validate(tree, profiles);
        }
        validation
    }

    /// Validates one resource of a tree, a Bundle's entry for instance, as if it stood alone.
    #[must_use]
    pub fn validate_resource(&self, resource: Element<'_>, profiles: &[String]) -> Validation {
        let memory = Memory::default();
        let knowledge = Knowledge::with_options(&self.schemas, &self.options).remembering(&memory);
        let mut walk = Walk::new(&knowledge);
        for (element, position, defect) in resource.tree().defects() {
            if element.is_within(resource) {
                walk.report(structure::of_defect(element, position, defect), None);
            }
        }
        if resource.tree().has_more_defects() {
            let message = "there are more defects in how the text is written than are listed";
            walk.report(Issue::at(resource, &TOO_MANY_ISSUES, Severity::Undecided, message), None);
        }
        walk.resource(resource, profiles);
        finish(walk)
    }
}

fn finish(walk: Walk<'_>) -> Validation {
    let mut issues = walk.into_issues();
    // Stable: at one place, the order of the rules.
    issues.sort_by_key(|issue| issue.position);
    if issues.len() > MAX_ISSUES {
        let rest = issues.len() - MAX_ISSUES;
        // The weightiest stay: no error is hidden behind lesser findings.
        issues.sort_by_key(|issue| std::cmp::Reverse(issue.severity));
        issues.truncate(MAX_ISSUES);
        issues.sort_by_key(|issue| issue.position);
        if let Some(last) = issues.last().cloned() {
            issues.push(Issue {
                code: TOO_MANY_ISSUES.name,
                severity: Severity::Undecided,
                definitions: Vec::new(),
                message: format!("{rest} more findings are not listed"),
                expected: None,
                actual: None,
                ..last
            });
        }
    }
    Validation { issues }
}
