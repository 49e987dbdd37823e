//! A register, read: its settings, whom it trusts, its history, and the entries that come of it.

use std::path::Path;

use indexmap::IndexMap;

use super::chain::{Chain, Flaw, Recorded};
use super::entry::{Certificate, Entry, is_conformant};
use super::event::{CertificateReference, Event, EventKind, digest};
use super::folder::RegisterFolder;
use super::settings::{self, Settings};
use crate::certificate::Trust;
use crate::standard::FileError;

/// The file that says whose keys count.
pub(super) const TRUST_FILE: &str = "trust.yaml";
/// How large settings, trust file and frameworks may be, in bytes.
pub(super) const MAX_YAML: u64 = 4 << 20;
/// How large a certificate may be, in bytes.
pub(super) const MAX_CERTIFICATE: u64 = 16 << 20;

/// A register.
#[derive(Debug)]
pub struct Register {
    /// Its folder.
    pub folder: RegisterFolder,
    /// What it is.
    pub settings: Settings,
    /// Whom it trusts.
    pub trust: Trust,
    /// Its history.
    pub chain: Chain,
    /// Its entries by id, in the order in which they were listed.
    pub entries: IndexMap<String, Entry>,
    /// Where the history, or what it names, does not hold.
    pub flaws: Vec<Flaw>,
}

/// Why a register cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file that the keeper writes is wrong.
    #[error("a file of the register cannot be used")]
    Files(Vec<FileError>),
    /// A file cannot be read.
    #[error("{file}: {source}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
}

impl Register {
    /// Reads a register as far as it can be read; `flaws` says what does not hold.
    ///
    /// # Errors
    /// Settings or trust file cannot be used, or the folder cannot be read.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let folder = RegisterFolder::at(path);
        let text = |name: &str| {
            let read = folder.read_text(name, MAX_YAML);
            read.map_err(|source| OpenError::Read { file: folder.display(name), source })
        };
        let settings = Settings::read(&folder.display(settings::FILE), &text(settings::FILE)?)
            .map_err(OpenError::Files)?;
        let trust = Trust::read(&folder.display(TRUST_FILE), &text(TRUST_FILE)?).map_err(OpenError::Files)?;
        let chain = Chain::read(&folder)
            .map_err(|source| OpenError::Read { file: folder.display("events"), source })?;
        let mut flaws = chain.flaws.clone();
        let mut entries = IndexMap::new();
        let mut certificates = certificates(&folder, &chain);
        for (index, recorded) in chain.events.iter().enumerate() {
            let mut certificate = |reference: &CertificateReference| {
                certificates.get_mut(index).and_then(Option::take).unwrap_or_else(|| read(&folder, reference))
            };
            if let Err(what) = lay(&mut certificate, &mut entries, &recorded.event) {
                flaws.push(Flaw { file: Event::file(recorded.event.number), what });
            }
        }
        Ok(Self { folder, settings, trust, chain, entries, flaws })
    }

    /// An entry as it was on a day: what was recorded later is left out.
    ///
    /// # Errors
    /// What the history of then does not hold, where it does not.
    pub fn entry_on(&self, id: &str, day: &str) -> Result<Option<Entry>, String> {
        let mut entries = IndexMap::new();
        let of_entry = self.chain.events.iter().map(|recorded| &recorded.event);
        for event in of_entry.filter(|event| event.entry == id && event.day() <= day) {
            lay(&mut |reference| read(&self.folder, reference), &mut entries, event)?;
        }
        Ok(entries.swap_remove(id))
    }
}

/// The certificates that the events bring, each at the place of its event. There may be many, and large ones: they are read
/// on all processors.
fn certificates(folder: &RegisterFolder, chain: &Chain) -> Vec<Option<Result<Certificate, String>>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let size = chain.events.len().div_ceil(threads).max(1);
    let of = |recorded: &Recorded| Some(read(folder, recorded.event.certificate.as_ref()?));
    std::thread::scope(|scope| {
        let parts: Vec<_> = chain
            .events
            .chunks(size)
            .map(|part| (part.len(), scope.spawn(move || part.iter().map(of).collect::<Vec<_>>())))
            .collect();
        // A part that was not read is read again, one by one.
        let joined =
            parts.into_iter().map(|(length, part)| part.join().unwrap_or_else(|_| vec![None; length]));
        joined.flatten().collect()
    })
}

/// A certificate of the register, if its file is the one that was listed.
pub(super) fn read(folder: &RegisterFolder, reference: &CertificateReference) -> Result<Certificate, String> {
    let file = reference.file();
    let bytes =
        folder.read(&file, MAX_CERTIFICATE).map_err(|error| format!("{file} cannot be read: {error}"))?;
    if digest(&bytes) != reference.sha256 {
        return Err(format!("{file} is not the certificate that was listed"));
    }
    let certificate = Certificate::read(&bytes).map_err(|why| format!("{file}: {why}"))?;
    if certificate.predicate.id != reference.id {
        return Err(format!("{file} has another id than the event says"));
    }
    Ok(certificate)
}

/// Lays an event over the entries.
pub(super) fn lay(
    read: &mut dyn FnMut(&CertificateReference) -> Result<Certificate, String>,
    entries: &mut IndexMap<String, Entry>,
    event: &Event,
) -> Result<(), String> {
    let certificate = match (&event.certificate, event.kind.brings_certificate()) {
        (Some(reference), true) => Some((read(reference)?, reference.clone())),
        (None, false) => None,
        (Some(_), false) => return Err(format!("an event of the kind {} brings no certificate", event.kind)),
        (None, true) => return Err(format!("it is {} without a certificate", event.kind)),
    };
    let fails = certificate.as_ref().is_some_and(|(certificate, _)| !is_conformant(&certificate.predicate));
    if fails && event.consent.is_none() {
        return Err("what is not conformant was published without the supplier's consent".to_owned());
    }
    if event.superseded_by.is_some() != (event.kind == EventKind::Superseded) {
        return Err("what is superseded, and nothing else, names the entry that took its place".to_owned());
    }
    match (certificate, event.kind) {
        (Some((certificate, reference)), EventKind::Issued) => {
            if entries.contains_key(&event.entry) {
                return Err(format!("the entry {} was issued before", event.entry));
            }
            let mut entry = Entry::issued(certificate, reference)?;
            if entry.id != event.entry {
                return Err("the entry is not called as its certificate is".to_owned());
            }
            entry.take(event)?;
            entries.insert(entry.id.clone(), entry);
        }
        (certificate, _) => {
            let entry = entries
                .get_mut(&event.entry)
                .ok_or_else(|| format!("there is no entry {} before it", event.entry))?;
            entry.take(event)?;
            if let Some((certificate, reference)) = certificate {
                entry.renew(certificate, reference)?;
            }
        }
    }
    Ok(())
}
