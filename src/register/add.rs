//! Adding to a register: what it admits, and the event that is appended.

use std::io;

use super::chain::{Head, MAX_EVENT, write_head};
use super::entry::{Certificate, Entry, is_conformant};
use super::event::{CertificateReference, Event, EventKind, digest};
use super::opened::{MAX_CERTIFICATE, Register, lay, read};
use super::state::State;
use crate::certificate::{Assurance, KeyError, Signer, SigningKey, State as LinkState, Verification};

/// How long what is said in an event may be, in characters.
const MAX_TEXT: usize = 4_000;
/// How many care settings or requirements an event may name.
const MAX_NAMES: usize = 100;

/// When, by whom and why something is recorded.
#[derive(Debug, Clone, Default)]
pub struct Occasion {
    /// When, RFC 3339 in UTC, to the second.
    pub at: String,
    /// Who records it.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
    /// Where the product is used.
    pub care_settings: Vec<String>,
    /// How the supplier agreed that what is not conformant is published.
    pub consent: Option<String>,
    /// The requirements that a nonconformity is about.
    pub requirements: Vec<String>,
}

/// What is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted<'t> {
    /// A certificate is listed.
    Issue(&'t str),
    /// A certificate takes the place of an entry's last.
    Renew(&'t str, &'t str),
    /// Another entry takes the place of one: first the one that goes.
    Supersede(&'t str, &'t str),
    /// Anything else happens to an entry.
    Change(EventKind, &'t str),
}

/// Why something is not recorded.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The register, the certificate or the entry do not admit it.
    #[error("{message}")]
    Because {
        /// Why.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// The history does not hold; nothing is built upon it.
    #[error("{file}: {what}")]
    Broken {
        /// The file.
        file: String,
        /// What is wrong.
        what: String,
    },
    /// The key cannot sign.
    #[error("the key cannot sign: {0}")]
    Key(#[from] KeyError),
    /// A file cannot be written.
    #[error("{file}: {source}")]
    Write {
        /// The file.
        file: String,
        /// Why.
        source: io::Error,
    },
}

fn refuse<T>(message: impl Into<String>, hint: Option<String>) -> Result<T, Refused> {
    Err(Refused::Because { message: message.into(), hint })
}

impl Register {
    /// Records what is wanted, if the register admits it, and returns the event.
    ///
    /// # Errors
    /// Why it is not recorded.
    pub fn add(
        &mut self,
        wanted: &Wanted<'_>,
        occasion: Occasion,
        key: Option<&SigningKey>,
    ) -> Result<Event, Refused> {
        if let Some(flaw) = self.flaws.first() {
            return Err(Refused::Broken { file: flaw.file.clone(), what: flaw.what.clone() });
        }
        self.suits(&occasion)?;
        let (kind, id, certificate) = match wanted {
            Wanted::Issue(text) => {
                let (certificate, reference) = self.admitted(text, &occasion)?;
                self.is_new(&certificate, &reference)?;
                (EventKind::Issued, certificate.predicate.id, Some((*text, reference)))
            }
            Wanted::Renew(id, text) => {
                let mut entry = self.can(EventKind::Renewed, id, &occasion)?;
                let (certificate, reference) = self.admitted(text, &occasion)?;
                self.is_unseen(&reference)?;
                if let Err(why) = entry.renew(certificate, reference.clone()) {
                    let hint = "list it as an entry of its own, and record the old one as superseded";
                    return refuse(format!("the certificate renews nothing: {why}"), Some(hint.to_owned()));
                }
                (EventKind::Renewed, entry.id, Some((*text, reference)))
            }
            Wanted::Supersede(id, by) => {
                self.can(EventKind::Superseded, id, &occasion)?;
                let other = self.entry(by)?;
                if other.id == *id || other.recorded() != State::Current {
                    let state = other.recorded();
                    return refuse(
                        format!("{by} is {state}, and only another entry that is current takes its place"),
                        None,
                    );
                }
                (EventKind::Superseded, (*id).to_owned(), None)
            }
            Wanted::Change(kind, id) => (*kind, self.can(*kind, id, &occasion)?.id, None),
        };
        let head = self.chain.head();
        let mut event = Event {
            number: head.events + 1,
            previous: (head.events > 0).then_some(head.sha256),
            at: occasion.at,
            by: occasion.by,
            kind,
            entry: id,
            reason: occasion.reason,
            certificate: certificate.as_ref().map(|(_, reference)| reference.clone()),
            care_settings: occasion.care_settings,
            consent: occasion.consent,
            superseded_by: match wanted {
                Wanted::Supersede(_, by) => Some((*by).to_owned()),
                _ => None,
            },
            requirements: occasion.requirements,
            signature: None,
        };
        self.sign(&mut event, key)?;
        self.write(&event, certificate.as_ref().map(|(text, reference)| (*text, reference)))?;
        Ok(event)
    }

    /// The entries whose last day is over and of which no event says so.
    #[must_use]
    pub fn to_expire(&self, day: &str) -> Vec<String> {
        let over = self
            .entries
            .values()
            .filter(|entry| entry.recorded().after(EventKind::Expired).is_some() && day > entry.until());
        over.map(|entry| entry.id.clone()).collect()
    }

    fn suits(&self, occasion: &Occasion) -> Result<(), Refused> {
        let last = self.chain.last().map(|last| last.event.at.as_str());
        if last.is_some_and(|last| last > occasion.at.as_str()) {
            let last = last.unwrap_or_default();
            return refuse(
                format!("{} is before the last event, of {last}", occasion.at),
                Some("a history goes forward; say in the reason when it happened".to_owned()),
            );
        }
        let said = [Some(&occasion.by), occasion.reason.as_ref(), occasion.consent.as_ref()];
        let names = occasion.care_settings.iter().chain(&occasion.requirements);
        if said.into_iter().flatten().chain(names).any(|text| text.trim().is_empty()) {
            return refuse("something that is given is empty", None);
        }
        let names = occasion.care_settings.iter().chain(&occasion.requirements);
        if said.into_iter().flatten().chain(names).any(|text| text.chars().count() > MAX_TEXT) {
            return refuse(format!("something that is given is longer than {MAX_TEXT} characters"), None);
        }
        if occasion.care_settings.len() > MAX_NAMES || occasion.requirements.len() > MAX_NAMES {
            return refuse(format!("an event names at most {MAX_NAMES} care settings or requirements"), None);
        }
        for care_setting in &occasion.care_settings {
            if let Some((message, hint)) = self.settings.objection(care_setting) {
                return refuse(message, hint);
            }
        }
        Ok(())
    }

    /// A certificate that verifies by the register's trust file and that the register admits.
    fn admitted(
        &self,
        text: &str,
        occasion: &Occasion,
    ) -> Result<(Certificate, CertificateReference), Refused> {
        if text.len() as u64 > MAX_CERTIFICATE {
            return refuse(format!("the certificate is larger than {} MB", MAX_CERTIFICATE >> 20), None);
        }
        let day = occasion.at.get(..10).unwrap_or_default();
        let verification = Verification::of(text, &self.trust, day);
        if let Some(link) = verification.links.iter().find(|link| link.state == LinkState::Broken) {
            return refuse(
                format!("the certificate is not valid: {}: {}", link.name, link.detail),
                Some("trust.yaml of the register says whose keys count".to_owned()),
            );
        }
        let Some(assurance) = verification.assurance() else {
            return refuse("nobody whom the register trusts signed the certificate", None);
        };
        let admits = self.settings.admits;
        if assurance < admits {
            return refuse(
                format!("the certificate is {assurance}, and the register admits what is {}", from(admits)),
                None,
            );
        }
        let certificate = match Certificate::read(text.as_bytes()) {
            Ok(certificate) => certificate,
            Err(why) => return refuse(format!("the certificate cannot be read: {why}"), None),
        };
        if !is_conformant(&certificate.predicate) && occasion.consent.is_none() {
            let verdicts: Vec<String> = certificate
                .predicate
                .run
                .standards
                .iter()
                .map(|standard| format!("{} with {}@{}", standard.verdict, standard.id, standard.version))
                .collect();
            return refuse(
                format!(
                    "the product is {}; that is published with the supplier's consent only",
                    verdicts.join(", ")
                ),
                Some("--consent TEXT says who of the supplier agreed, and where that is written".to_owned()),
            );
        }
        let id = certificate.predicate.id.clone();
        let reference = CertificateReference { id, sha256: digest(text.as_bytes()), assurance };
        Ok((certificate, reference))
    }

    fn is_new(&self, certificate: &Certificate, reference: &CertificateReference) -> Result<(), Refused> {
        self.is_unseen(reference)?;
        let id = &certificate.predicate.id;
        if self.entries.contains_key(id) {
            return refuse(
                format!("the certificate {id} is listed already"),
                Some(format!("with more signatures, it renews the entry: --event renewed --entry {id}")),
            );
        }
        let entry = match Entry::issued(certificate.clone(), reference.clone()) {
            Ok(entry) => entry,
            Err(why) => return refuse(format!("the certificate cannot be listed: {why}"), None),
        };
        let lives = |other: &&Entry| !matches!(other.recorded(), State::Withdrawn | State::Superseded);
        let same = |other: &&Entry| {
            (&other.product, &other.version) == (&entry.product, &entry.version)
                && other.scope() == entry.scope()
        };
        if let Some(other) = self.entries.values().find(|other| lives(other) && same(other)) {
            return refuse(
                format!(
                    "{} {} is listed for the same already, as {}",
                    entry.product.name, entry.version, other.id
                ),
                Some(format!("renew that entry: --event renewed --entry {}", other.id)),
            );
        }
        Ok(())
    }

    fn is_unseen(&self, reference: &CertificateReference) -> Result<(), Refused> {
        let listed = |entry: &&Entry| entry.certificates.iter().any(|one| one.sha256 == reference.sha256);
        match self.entries.values().find(listed) {
            Some(entry) => {
                refuse(format!("this certificate is in the register, of the entry {}", entry.id), None)
            }
            None => Ok(()),
        }
    }

    fn entry(&self, id: &str) -> Result<&Entry, Refused> {
        self.entries.get(id).ok_or_else(|| Refused::Because {
            message: format!("the register has no entry {id}"),
            hint: Some("`register list DIR` names them".to_owned()),
        })
    }

    /// The entry that an event of a kind can happen to now.
    fn can(&self, kind: EventKind, id: &str, occasion: &Occasion) -> Result<Entry, Refused> {
        let entry = self.entry(id)?;
        let state = entry.recorded();
        if state.after(kind).is_none() {
            let next: Vec<String> = state.next().iter().map(ToString::to_string).collect();
            return refuse(
                format!("{id} is {state} and cannot be {kind}"),
                Some(format!("what can come next: {}", next.join(", "))),
            );
        }
        let day = occasion.at.get(..10).unwrap_or_default();
        if kind == EventKind::Expired && day <= entry.until() {
            return refuse(format!("{id} counts until {}", entry.until()), None);
        }
        let has_reason = kind.brings_certificate() || kind == EventKind::Expired || occasion.reason.is_some();
        if !has_reason {
            return refuse(
                format!("why is it {kind}?"),
                Some("--reason TEXT says so; it is published".to_owned()),
            );
        }
        Ok(entry.clone())
    }

    fn sign(&self, event: &mut Event, key: Option<&SigningKey>) -> Result<(), Refused> {
        let Some(key) = key else {
            if self.settings.signed {
                return refuse(
                    "the events of this register are signed",
                    Some("give --key or --key-env".to_owned()),
                );
            }
            return Ok(());
        };
        let trusted = self.trust.key(&key.public().id());
        let Some(trusted) = trusted.filter(|trusted| trusted.signs_as.contains(&Signer::Register)) else {
            return refuse(
                "trust.yaml of the register does not say that this key signs as `register`",
                Some("add its public half there, with `signsAs: [register]`".to_owned()),
            );
        };
        if let Some(objection) = trusted.objection(event.day()) {
            return refuse(objection, None);
        }
        event.sign(key)?;
        Ok(())
    }

    /// Writes the certificate, then the event, then the head: whatever is cut short leaves a history that holds.
    fn write(
        &mut self,
        event: &Event,
        certificate: Option<(&str, &CertificateReference)>,
    ) -> Result<(), Refused> {
        let file = Event::file(event.number);
        let failed =
            |file: &str, source: io::Error| Refused::Write { file: self.folder.display(file), source };
        let text = event.to_text().map_err(|error| failed(&file, error.into()))?;
        if text.len() as u64 > MAX_EVENT {
            return refuse(format!("the event is larger than {MAX_EVENT} bytes"), None);
        }
        if let Some((text, reference)) = certificate {
            let file = reference.file();
            self.folder.replace(&file, text.as_bytes()).map_err(|error| failed(&file, error))?;
        }
        // Where somebody else added an event in the meantime, its file is there.
        self.folder.create(&file, text.as_bytes()).map_err(|error| failed(&file, error))?;
        let head = Head { events: event.number, sha256: digest(text.as_bytes()) };
        write_head(&self.folder, &head).map_err(|error| failed("head.json", error))?;
        let recorded = super::Recorded { event: event.clone(), sha256: head.sha256 };
        self.chain.events.push(recorded);
        let folder = &self.folder;
        lay(&mut |reference| read(folder, reference), &mut self.entries, event)
            .map_err(|what| Refused::Broken { file, what })
    }
}

/// An assurance and those above it, in words.
fn from(least: Assurance) -> &'static str {
    match least {
        Assurance::SelfDeclared => "self-declared, witnessed or certified",
        Assurance::Witnessed => "witnessed or certified",
        Assurance::Certified => "certified",
    }
}
