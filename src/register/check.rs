//! Checking a register: whether its history holds, whether what it lists is what was signed, and what time has done to it.

use serde::Serialize;

use super::lifecycle::{self, Life};
use super::opened::MAX_CERTIFICATE;
use super::{Event, Recorded, Register};
use crate::certificate::{Signer, State as LinkState, Trust, Verification};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// The register does not hold.
    Error,
    /// Somebody should look at it.
    Warning,
}

impl std::fmt::Display for Weight {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The chain of events.
    History,
    /// The signature of an event.
    Signature,
    /// A certificate that is listed.
    Certificate,
    /// The pages that are published.
    Pages,
    /// The end of an entry.
    Expiry,
    /// The life of a standard.
    Standard,
    /// A newer version of a product.
    ProductVersion,
    /// The tool that judged.
    Tool,
    /// A key that signed.
    Key,
}

impl std::fmt::Display for Subject {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::History => "history",
            Self::Signature => "signature",
            Self::Certificate => "certificate",
            Self::Pages => "pages",
            Self::Expiry => "expiry",
            Self::Standard => "standard",
            Self::ProductVersion => "product version",
            Self::Tool => "tool",
            Self::Key => "key",
        })
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it weighs.
    pub weight: Weight,
    /// What it is about.
    pub subject: Subject,
    /// Where: a file of the register, an entry, a product.
    pub place: String,
    /// What was found, in words.
    pub what: String,
}

impl Finding {
    /// Something that does not hold.
    pub fn error(subject: Subject, place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { weight: Weight::Error, subject, place: place.into(), what: what.into() }
    }

    /// Something to be looked at.
    pub fn warning(subject: Subject, place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { weight: Weight::Warning, subject, place: place.into(), what: what.into() }
    }
}

/// What is found in a register on a day, `YYYY-MM-DD`. `trust` is whom the reader trusts: the register's own trust file, or
/// one from elsewhere. `noted` is the digest of an event that the reader noted earlier, which has to be there still.
#[must_use]
pub fn check(
    register: &Register,
    trust: &Trust,
    lives: &[Life],
    noted: Option<&str>,
    day: &str,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        register.flaws.iter().map(|flaw| Finding::error(Subject::History, &flaw.file, &flaw.what)).collect();
    if register.chain.interrupted {
        let what = "head.json does not know of it: adding it was interrupted, or it was put in; if you know of it, the \
                    next `register add` goes on from there";
        let last = register.chain.head().events;
        findings.push(Finding::error(Subject::History, Event::file(last), what));
    }
    if let Some(noted) = noted.filter(|noted| !register.chain.holds(noted)) {
        let what =
            format!("no event has the digest {noted} that was noted earlier: events were removed or changed");
        findings.push(Finding::error(Subject::History, "events", what));
    }
    for recorded in &register.chain.events {
        findings.extend(signature(register, trust, recorded));
        if recorded.event.kind.brings_certificate() {
            findings.extend(certificate(register, trust, &recorded.event));
        }
        findings.extend(admission(register, &recorded.event));
    }
    findings.extend(lifecycle::findings(register, lives, day));
    findings.sort_by_key(|finding| finding.weight);
    findings
}

/// What is wrong with the signature of an event.
pub(super) fn signature(register: &Register, trust: &Trust, recorded: &Recorded) -> Option<Finding> {
    let event = &recorded.event;
    let wrong = |what: String| Some(Finding::error(Subject::Signature, Event::file(event.number), what));
    let Some(signature) = &event.signature else {
        let what = "it is not signed, and register.yaml says that events are".to_owned();
        return if register.settings.signed { wrong(what) } else { None };
    };
    let trusted = trust.key(&signature.keyid).filter(|key| key.signs_as.contains(&Signer::Register));
    let Some(trusted) = trusted else {
        let id: String = signature.keyid.chars().take(16).collect();
        return wrong(format!("it is signed by a key that is not trusted to sign as register ({id}…)"));
    };
    if !event.is_signed_by(&trusted.key) {
        return wrong(format!("the signature of {} does not fit: the event was changed", trusted.name));
    }
    trusted.objection(event.day()).and_then(wrong)
}

/// What is wrong with the certificate of an event, on the day on which it was listed.
fn certificate(register: &Register, trust: &Trust, event: &Event) -> Vec<Finding> {
    let Some(reference) = &event.certificate else { return Vec::new() };
    let file = reference.file();
    // A file that cannot be read, or is another, is a flaw of the history and was said there.
    let Ok(text) = register.folder.read_text(&file, MAX_CERTIFICATE) else { return Vec::new() };
    let verification = Verification::of(&text, trust, event.day());
    let broken = verification.links.iter().filter(|link| link.state == LinkState::Broken);
    let mut findings: Vec<Finding> = broken
        .map(|link| Finding::error(Subject::Certificate, &file, format!("{}: {}", link.name, link.detail)))
        .collect();
    let assurance = verification.assurance();
    if findings.is_empty() && assurance != Some(reference.assurance) {
        let worth = assurance.map_or("nothing".to_owned(), |assurance| assurance.to_string());
        let what = format!(
            "{} says that it is {}, and it is {worth}",
            Event::file(event.number),
            reference.assurance
        );
        findings.push(Finding::error(Subject::Certificate, &file, what));
    }
    findings
}

/// What the register would not admit now.
fn admission(register: &Register, event: &Event) -> Option<Finding> {
    let file = Event::file(event.number);
    let admits = register.settings.admits;
    if let Some(reference) = event.certificate.as_ref().filter(|one| one.assurance < admits) {
        let what = format!(
            "its certificate is {}, and the register admits {admits} at the least",
            reference.assurance
        );
        return Some(Finding::warning(Subject::Certificate, file, what));
    }
    let unknown = event.superseded_by.as_ref().filter(|id| !register.entries.contains_key(*id))?;
    Some(Finding::error(Subject::History, file, format!("there is no entry {unknown} that took its place")))
}
