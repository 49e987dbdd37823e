//! The register for programs: `register.json`, and the listings that were chosen.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::certificate::{Assurance, Validity};
use crate::register::{CertificateReference, Entry, Event, Head, Register, Row, State, page_of};
use crate::run::{Counts, Verdict};
use crate::standard::{Maturity, Role};

/// The version of the form of `register.json`.
const SCHEMA_VERSION: &str = "1.0";

/// `register.json`: all entries as they stand on a day, and all events.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegisterDocument {
    /// The version of this form.
    pub schema_version: String,
    /// What the register is called.
    pub title: String,
    /// Who keeps it.
    pub publisher: String,
    /// The day on which the entries stand as they are said to, `YYYY-MM-DD`.
    pub day: String,
    /// The last event. Who notes its digest can later see whether the history is still the same.
    pub head: Head,
    /// The entries, in the order in which they were listed.
    pub entries: Vec<EntryDocument>,
    /// The events, in order.
    pub events: Vec<Event>,
}

/// An entry.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EntryDocument {
    /// Its id.
    pub id: String,
    /// The supplier.
    pub supplier: String,
    /// The product.
    pub product: String,
    /// The version of the product.
    pub version: String,
    /// The environment that was tested, where it is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// How it stands.
    pub state: State,
    /// From when until when its certificate counts.
    pub validity: Validity,
    /// The last day on which it can count: the certificate's, or that of a waiver that it rests on.
    pub until: String,
    /// Where the product is used.
    pub care_settings: Vec<String>,
    /// What it is listed by.
    pub standards: Vec<StandardDocument>,
    /// Which scenarios were chosen, where not all were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<String>,
    /// How many requirements were not tested; the certificate names them.
    pub not_tested: usize,
    /// How many were waived.
    pub waived: usize,
    /// How the supplier agreed that what is not conformant is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<String>,
    /// The entry that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<String>,
    /// Its certificates, the one that counts now last.
    pub certificates: Vec<CertificateReference>,
    /// What its certificate is worth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assurance: Option<Assurance>,
    /// When the run was made that it rests on, and when the certificate was issued.
    pub tested: String,
    /// When the certificate was issued.
    pub issued: String,
    /// The tool that judged.
    pub judged_by: String,
    /// The page of the product.
    pub page: String,
    /// The numbers of its events.
    pub events: Vec<u64>,
}

/// A standard that an entry is listed by.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StandardDocument {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// The role that was tested.
    pub role: Role,
    /// How finished the standard was.
    pub maturity: Maturity,
    /// The verdict.
    pub verdict: Verdict,
    /// The verdict in one sentence.
    pub sentence: String,
    /// The counts.
    pub counts: Counts,
    /// The sha256 of all files of the standard, hexadecimal.
    pub sha256: String,
}

impl EntryDocument {
    /// An entry as it stands on a day.
    #[must_use]
    pub fn of(entry: &Entry, day: &str) -> Self {
        let predicate = &entry.predicate;
        let run = &predicate.run;
        Self {
            id: entry.id.clone(),
            supplier: entry.product.supplier.clone(),
            product: entry.product.name.clone(),
            version: entry.version.clone(),
            environment: run.supplier.environment.clone(),
            state: entry.state(day),
            validity: predicate.validity.clone(),
            until: entry.until().to_owned(),
            care_settings: entry.care_settings.clone(),
            standards: run
                .standards
                .iter()
                .map(|standard| StandardDocument {
                    id: standard.id.clone(),
                    version: standard.version.clone(),
                    title: standard.title.clone(),
                    role: standard.role,
                    maturity: standard.maturity.status,
                    verdict: standard.verdict,
                    sentence: standard.sentence.clone(),
                    counts: standard.counts,
                    sha256: standard.sha256.clone(),
                })
                .collect(),
            selection: run.selection.clone(),
            not_tested: run.not_tested.len(),
            waived: run.waivers.len(),
            consent: entry.consent.clone(),
            superseded_by: entry.superseded_by.clone(),
            certificates: entry.certificates.clone(),
            assurance: entry.certificate().map(|one| one.assurance),
            tested: run.started.clone(),
            issued: predicate.issued.clone(),
            judged_by: run.judged_by.clone(),
            page: page_of(&entry.product),
            events: entry.events.clone(),
        }
    }
}

/// `register.json`, with one line an entry and one an event, so that what changed can be seen.
///
/// # Errors
/// A defect of ours.
pub(super) fn render(register: &Register, day: &str) -> serde_json::Result<String> {
    let entries =
        register.entries.values().map(|entry| serde_json::to_string(&EntryDocument::of(entry, day)));
    let events = register.chain.events.iter().map(|recorded| serde_json::to_string(&recorded.event));
    let entries = entries.collect::<serde_json::Result<Vec<_>>>()?;
    let events = events.collect::<serde_json::Result<Vec<_>>>()?;
    Ok(format!(
        "{{\"schemaVersion\":{},\"title\":{},\"publisher\":{},\"day\":{},\"head\":{},\n\"entries\":[\n{}\n],\n\"events\":[\n{}\n]}}\n",
        serde_json::to_string(SCHEMA_VERSION)?,
        serde_json::to_string(&register.settings.title)?,
        serde_json::to_string(&register.settings.publisher)?,
        serde_json::to_string(day)?,
        serde_json::to_string(&register.chain.head())?,
        entries.join(",\n"),
        events.join(",\n"),
    ))
}

/// The entries of listings that were chosen, as JSON: each once.
///
/// # Errors
/// A defect of ours.
pub fn rows(rows: &[Row<'_>], day: &str) -> serde_json::Result<String> {
    let mut entries: Vec<EntryDocument> = Vec::new();
    for row in rows {
        if !entries.iter().rev().take(1).any(|last| last.id == row.entry.id) {
            entries.push(EntryDocument::of(row.entry, day));
        }
    }
    let mut text = serde_json::to_string_pretty(&entries)?;
    text.push('\n');
    Ok(text)
}
