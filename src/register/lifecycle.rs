//! What time does to a register: standards that go out of force, product versions that nobody listed, tools that were
//! withdrawn, keys that were revoked.

use std::collections::{BTreeMap, BTreeSet};

use super::check::{Finding, Subject};
use super::{Entry, Register, State};
use crate::standard::{
    Catalogue, Document, FileError, Lifecycle, Manifest, Maturity, VersionKey, version_key,
};

/// Where in its life a version of a standard is.
#[derive(Debug, Clone)]
pub struct Life {
    /// The standard.
    pub id: String,
    /// The version.
    pub version: String,
    /// Where in its life it is.
    pub lifecycle: Lifecycle,
}

/// Where all versions of the standards are in their lives that a register has listings of, as far as they are at hand.
///
/// # Errors
/// A standard cannot be read.
pub fn lives(catalogue: &Catalogue, register: &Register) -> Result<Vec<Life>, Vec<FileError>> {
    let standards = register.entries.values().flat_map(|entry| &entry.predicate.run.standards);
    let ids: BTreeSet<&str> = standards.map(|standard| standard.id.as_str()).collect();
    let mut lives = Vec::new();
    for found in catalogue.entries().map_err(|error| vec![error])? {
        if !ids.contains(found.id.as_str()) {
            continue;
        }
        let file = found.folder.display("standard.yaml");
        let text = found.folder.read_text("standard.yaml");
        let text = text.map_err(|error| vec![FileError::of_file(&file, error.to_string())])?;
        let manifest: Manifest = Document::parse(&file, &text).map_err(|error| vec![error])?.read()?;
        lives.push(Life { id: found.id, version: found.version, lifecycle: manifest.lifecycle });
    }
    Ok(lives)
}

/// What has to be looked at on a day, entry by entry and product by product.
pub(super) fn findings(register: &Register, lives: &[Life], day: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entry in register.entries.values() {
        let state = entry.state(day);
        if state == State::Expired && entry.recorded() != State::Expired {
            let what = format!(
                "{} {} expired: it counted until {}, and no event says so yet",
                entry.product.name,
                entry.version,
                entry.until()
            );
            findings.push(Finding::warning(Subject::Expiry, &entry.id, what));
        }
        if state == State::Current {
            findings.extend(standards(entry, lives, day));
            findings.extend(tool(register, entry));
            findings.extend(keys(register, entry, day));
        }
    }
    findings.extend(not_at_hand(register, lives, day));
    findings.extend(versions(register, day));
    findings
}

/// Standards that current entries are listed by, and of whose lives nothing is known here.
fn not_at_hand(register: &Register, lives: &[Life], day: &str) -> Vec<Finding> {
    let mut listed: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for entry in register.entries.values().filter(|entry| entry.state(day) == State::Current) {
        for standard in &entry.predicate.run.standards {
            *listed.entry((&standard.id, &standard.version)).or_default() += 1;
        }
    }
    listed.retain(|(id, version), _| !lives.iter().any(|life| life.id == *id && life.version == *version));
    listed
        .into_iter()
        .map(|((id, version), count)| {
            let entries = if count == 1 { "1 current entry is".to_owned() } else { format!("{count} current entries are") };
            let what = format!(
                "{entries} listed by it, and it is not at hand: whether it still counts was not checked; --profiles \
                 names where it is"
            );
            Finding::warning(Subject::Standard, format!("{id}@{version}"), what)
        })
        .collect()
}

/// Standards of an entry that are on their way out, and newer versions that are in force.
fn standards(entry: &Entry, lives: &[Life], day: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut say = |what: String| findings.push(Finding::warning(Subject::Standard, &entry.id, what));
    for standard in &entry.predicate.run.standards {
        let name = format!("{}@{}", standard.id, standard.version);
        let of_id = || lives.iter().filter(|life| life.id == standard.id);
        if let Some(life) = of_id().find(|life| life.version == standard.version) {
            let lifecycle = &life.lifecycle;
            if matches!(lifecycle.status, Maturity::Deprecated | Maturity::Retired) {
                say(format!("{name} is {}: {}", lifecycle.status, lifecycle.label));
            }
            if let Some(ends) = lifecycle.ends.as_deref().filter(|ends| day > *ends) {
                say(format!("{name} was in force until {ends}"));
            }
        }
        let newer = of_id()
            .filter(|life| version_key(&life.version) > version_key(&standard.version))
            .max_by_key(|life| version_key(&life.version));
        if let Some(Life { version, lifecycle, .. }) = newer {
            let passed = |date: &Option<String>| date.clone().filter(|date| day >= date.as_str());
            if let Some(date) = passed(&lifecycle.conformance) {
                say(format!("it is listed by {name}, and suppliers have to meet {version} since {date}"));
            } else if let Some(date) = passed(&lifecycle.effective) {
                say(format!("it is listed by {name}, and {version} is in force since {date}"));
            }
        }
    }
    findings
}

/// Whether the tool that judged, or the one that issued, was withdrawn.
fn tool(register: &Register, entry: &Entry) -> Option<Finding> {
    let judged_by = &entry.predicate.run.judged_by;
    let issued_by = &entry.predicate.tool.version;
    let withdrawn = register.settings.withdrawn_tools.iter().find(|tool| {
        *issued_by == tool.version || judged_by.split(' ').next_back() == Some(tool.version.as_str())
    })?;
    let what = format!(
        "it was judged with version {} of the tool, which was withdrawn: {}",
        withdrawn.version, withdrawn.reason
    );
    Some(Finding::warning(Subject::Tool, &entry.id, what))
}

/// Keys that signed and no longer count.
fn keys(register: &Register, entry: &Entry, day: &str) -> Vec<Finding> {
    entry
        .signatures
        .iter()
        .filter_map(|signature| register.trust.key(&signature.keyid)?.objection(day))
        .map(|objection| Finding::warning(Subject::Key, &entry.id, objection))
        .collect()
}

/// Versions of products that are in use and not listed for what older ones are listed for.
fn versions(register: &Register, day: &str) -> Vec<Finding> {
    let newest = |one: &mut (VersionKey, String), version: &str| {
        let key = version_key(version);
        if key > one.0 {
            *one = (key, version.to_owned());
        }
    };
    let mut known: BTreeMap<(&str, &str), (VersionKey, String)> = BTreeMap::new();
    let mut listed: BTreeMap<(&str, &str, String), (VersionKey, String)> = BTreeMap::new();
    for release in &register.settings.releases {
        newest(known.entry((&release.supplier, &release.product)).or_default(), &release.version);
    }
    for entry in register.entries.values() {
        let (supplier, product) = (entry.product.supplier.as_str(), entry.product.name.as_str());
        newest(known.entry((supplier, product)).or_default(), &entry.version);
        if entry.state(day) == State::Current {
            for standard in &entry.predicate.run.standards {
                let what = format!("{} as {}", standard.id, standard.role);
                newest(listed.entry((supplier, product, what)).or_default(), &entry.version);
            }
        }
    }
    let mut findings = Vec::new();
    for ((supplier, product, standard), (key, version)) in listed {
        let Some((newest, name)) = known.get(&(supplier, product)) else { continue };
        if *newest > key {
            let what =
                format!("version {name} has no listing for {standard}; the newest that has one is {version}");
            findings.push(Finding::warning(
                Subject::ProductVersion,
                format!("{product} by {supplier}"),
                what,
            ));
        }
    }
    findings
}
