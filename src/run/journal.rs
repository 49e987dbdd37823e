//! The journal of a run: a line for everything that is done with, so that a run that was killed can be gone on with.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::recorder::JOURNAL_FILE;
use super::{Event, ExchangeSummary};
use crate::terminology::Told;

/// What a run is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// The standard, `id@version`.
    pub standard: String,
    /// The sha256 of all its files, hexadecimal.
    pub digest: String,
    /// The base address of the endpoint, credentials left out.
    pub endpoint: String,
    /// When the run began, RFC 3339 in UTC.
    pub started: String,
    /// Which of the scenarios were chosen, in words; all, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<String>,
    /// The address of the terminology service that is asked, if one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminology: Option<String>,
}

/// One line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Line {
    /// The run began, or was gone on with.
    Started(Heading),
    /// A request was answered, or not, and is kept.
    Exchanged(ExchangeSummary),
    /// A terminology service was asked.
    Answered(Vec<Told>),
    /// A case ended; its id.
    Finished(String),
}

/// What the journal of a run tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal {
    /// What the run is about.
    pub heading: Heading,
    /// Every exchange that is kept, by its id.
    pub(super) exchanges: BTreeMap<String, ExchangeSummary>,
    /// What a terminology service told; what it could not tell is not here, and asked again.
    pub(super) told: Vec<Told>,
    /// The ids of the cases that ended.
    pub(super) finished: BTreeSet<String>,
}

impl Journal {
    /// Reads a journal. A last line that was cut off is passed over.
    ///
    /// # Errors
    /// The file cannot be read, or is no journal.
    pub fn read(folder: &Path) -> std::io::Result<Self> {
        let bytes = crate::files::read_bounded(&folder.join(JOURNAL_FILE))?;
        let text = String::from_utf8_lossy(&bytes);
        let (mut heading, mut exchanges, mut finished) = (None, BTreeMap::new(), BTreeSet::new());
        let mut told = Vec::new();
        for line in text.lines().filter_map(|line| serde_json::from_str(line).ok()) {
            match line {
                // What the run is about is what it began with.
                Line::Started(first) => heading = heading.or(Some(first)),
                Line::Exchanged(summary) => drop(exchanges.insert(summary.id.clone(), summary)),
                Line::Answered(more) => told.extend(more.into_iter().filter(|told| told.answer.is_some())),
                Line::Finished(case) => drop(finished.insert(case)),
            }
        }
        let heading =
            heading.ok_or_else(|| std::io::Error::other("it does not say what the run is about"))?;
        Ok(Self { heading, exchanges, told, finished })
    }

    /// How many cases ended.
    #[must_use]
    pub fn finished(&self) -> usize {
        self.finished.len()
    }

    /// Whether anything was recorded that can be gone on with.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        !(self.finished.is_empty() && self.exchanges.is_empty())
    }
}

/// Opens the journal of a run's folder to be added to.
pub(super) fn open(folder: &Path) -> std::io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(folder.join(JOURNAL_FILE))
}

impl Line {
    /// The line of an event, if it has one.
    pub(super) fn of(event: &Event) -> Option<Self> {
        Some(match event {
            Event::Started { heading, .. } => Self::Started(Heading::clone(heading)),
            Event::Exchanged { summary, .. } => Self::Exchanged(ExchangeSummary::clone(summary)),
            Event::Answered { told } => Self::Answered(told.clone()),
            // It is a file of its own, and what it says is here.
            Event::AllAnswered { .. } => return None,
            Event::Finished { id, .. } => Self::Finished(id.clone()),
        })
    }

    /// Adds the line to a journal.
    pub(super) fn append(&self, journal: &mut File) -> std::io::Result<()> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        journal.write_all(&bytes)
    }
}
