//! An entry of the register: a product version with its certificate, and what became of it.

use serde::{Deserialize, Serialize};

use super::state::State;
use super::{CertificateReference, Event, EventKind};
use crate::certificate::{Envelope, Predicate, STATEMENT_TYPE, Signature};
use crate::run::Verdict;

/// How long a name may be, in characters.
const MAX_NAME: usize = 200;
/// How long an id may be, in characters.
const MAX_ID: usize = 64;

/// An entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The id of the certificate that was listed first.
    pub id: String,
    /// Whose product.
    pub product: Product,
    /// Its version.
    pub version: String,
    /// What the certificate that counts now says, without the one that it rests on.
    pub predicate: Predicate,
    /// Who signed that certificate, and the one that it rests on.
    pub signatures: Vec<Signature>,
    /// The certificates, the one that counts now last.
    pub certificates: Vec<CertificateReference>,
    /// Where the product is used.
    pub care_settings: Vec<String>,
    /// How the supplier agreed that what is not conformant is published.
    pub consent: Option<String>,
    /// The entry that took its place.
    pub superseded_by: Option<String>,
    /// The numbers of its events, in order.
    pub events: Vec<u64>,
    /// Its state by its events alone.
    recorded: State,
}

/// A product of a supplier, whatever its version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Product {
    /// The supplier.
    pub supplier: String,
    /// The product.
    pub name: String,
}

impl Entry {
    /// The entry that a certificate begins.
    ///
    /// # Errors
    /// What the certificate lacks to be listed, in words.
    pub(super) fn issued(certificate: Certificate, reference: CertificateReference) -> Result<Self, String> {
        let Certificate { predicate, signatures } = certificate;
        let (product, version) = named(&predicate)?;
        Ok(Self {
            id: predicate.id.clone(),
            product,
            version,
            predicate,
            signatures,
            certificates: vec![reference],
            care_settings: Vec::new(),
            consent: None,
            superseded_by: None,
            events: Vec::new(),
            recorded: State::Current,
        })
    }

    /// Takes a certificate in the place of the last.
    ///
    /// # Errors
    /// It is of something else.
    pub(super) fn renew(
        &mut self,
        certificate: Certificate,
        reference: CertificateReference,
    ) -> Result<(), String> {
        let (product, version) = named(&certificate.predicate)?;
        if (&product, &version) != (&self.product, &self.version) {
            return Err(format!(
                "it is of {} {version} by {}, and the entry is of {} {} by {}",
                product.name, product.supplier, self.product.name, self.version, self.product.supplier
            ));
        }
        let (before, after) = (scope(&self.predicate), scope(&certificate.predicate));
        if before != after {
            let (before, after) = (before.join(", "), after.join(", "));
            return Err(format!("it is about {after}, and the entry is about {before}"));
        }
        self.predicate = certificate.predicate;
        self.signatures = certificate.signatures;
        self.certificates.push(reference);
        Ok(())
    }

    /// Lays an event over it. A certificate that the event brings was taken before.
    pub(super) fn take(&mut self, event: &Event) -> Result<(), String> {
        if event.kind != EventKind::Issued {
            let (state, kind) = (self.recorded, event.kind);
            self.recorded = state.after(kind).ok_or_else(|| format!("it is {state} and cannot be {kind}"))?;
        }
        if !event.care_settings.is_empty() {
            self.care_settings.clone_from(&event.care_settings);
        }
        if event.kind.brings_certificate() {
            self.consent.clone_from(&event.consent);
        }
        if event.kind == EventKind::Superseded {
            self.superseded_by.clone_from(&event.superseded_by);
        }
        self.events.push(event.number);
        Ok(())
    }

    /// The certificate that counts now.
    #[must_use]
    pub fn certificate(&self) -> Option<&CertificateReference> {
        self.certificates.last()
    }

    /// Its state by its events alone.
    #[must_use]
    pub fn recorded(&self) -> State {
        self.recorded
    }

    /// Its state on a day, `YYYY-MM-DD`: by its events and its dates.
    #[must_use]
    pub fn state(&self, day: &str) -> State {
        match self.recorded {
            State::Current if day > self.until() => State::Expired,
            other => other,
        }
    }

    /// The last day on which it can count: that of its certificate, or of the first waiver to expire that it rests on.
    #[must_use]
    pub fn until(&self) -> &str {
        let waivers = self.predicate.run.waivers.iter().map(|waiver| waiver.expires.as_str());
        waivers.chain([self.predicate.validity.until.as_str()]).min().unwrap_or_default()
    }

    /// What it is about: each standard with its version and role.
    #[must_use]
    pub fn scope(&self) -> Vec<String> {
        scope(&self.predicate)
    }
}

/// Whether every verdict of a certificate is conformant, with or without waivers.
pub(super) fn is_conformant(predicate: &Predicate) -> bool {
    let conformant = |verdict| matches!(verdict, Verdict::Conformant | Verdict::ConformantWithWaivers);
    predicate.run.standards.iter().all(|standard| conformant(standard.verdict))
}

fn scope(predicate: &Predicate) -> Vec<String> {
    let mut scope: Vec<String> = predicate
        .run
        .standards
        .iter()
        .map(|standard| format!("{}@{} as {}", standard.id, standard.version, standard.role))
        .collect();
    scope.sort();
    scope
}

/// Whose product in which version a certificate is of.
fn named(predicate: &Predicate) -> Result<(Product, String), String> {
    let id = &predicate.id;
    let is_plain = |id: &str| {
        !id.is_empty()
            && id.len() <= MAX_ID
            && id.chars().all(|character| character.is_ascii_alphanumeric() || character == '-')
    };
    if !is_plain(id) {
        return Err("its id is not made of letters, digits and hyphens alone".to_owned());
    }
    if predicate.run.standards.is_empty() {
        return Err("it names no standard".to_owned());
    }
    let supplier = &predicate.run.supplier;
    let name = |name: &Option<String>, what: &str| match name.as_deref().map(str::trim) {
        None | Some("") => {
            Err(format!("it names no {what}; a register lists a version of a supplier's product"))
        }
        Some(long) if long.chars().count() > MAX_NAME => {
            Err(format!("the name of its {what} is longer than {MAX_NAME} characters"))
        }
        Some(name) => Ok(name.to_owned()),
    };
    let product =
        Product { supplier: name(&supplier.name, "supplier")?, name: name(&supplier.product, "product")? };
    Ok((product, name(&supplier.version, "version of the product")?))
}

/// What a certificate's file says, without the list of its evidence, which is long.
#[derive(Debug, Clone)]
pub(super) struct Certificate {
    /// What it says, without the certificate that it rests on.
    pub(super) predicate: Predicate,
    /// Who signed it, and who signed the one that it rests on.
    pub(super) signatures: Vec<Signature>,
}

#[derive(Deserialize)]
struct Said {
    #[serde(rename = "_type")]
    kind: String,
    predicate: Predicate,
}

impl Certificate {
    /// Reads a certificate whose signatures were verified when it was listed.
    ///
    /// # Errors
    /// Why it is none, in words.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let envelope: Envelope =
            serde_json::from_slice(bytes).map_err(|error| format!("it is no DSSE envelope: {error}"))?;
        let payload = envelope.payload().ok_or("its payload is no base64")?;
        let mut said: Said =
            serde_json::from_slice(&payload).map_err(|error| format!("it is no certificate: {error}"))?;
        if said.kind != STATEMENT_TYPE {
            return Err(format!("it is no `{STATEMENT_TYPE}`"));
        }
        let mut signatures = envelope.signatures;
        signatures.extend(said.predicate.rests_on.take().into_iter().flat_map(|inner| inner.signatures));
        Ok(Self { predicate: said.predicate, signatures })
    }
}
