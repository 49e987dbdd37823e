//! The history as it lies in the folder: every event with its digest, and where the chain does not hold.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::io;

use serde::{Deserialize, Serialize};

use super::event::{Event, digest};
use super::folder::RegisterFolder;

/// The file that names the last event.
const HEAD_FILE: &str = "head.json";
/// The folder of the events.
const EVENTS: &str = "events";
/// How large an event may be, in bytes.
pub(super) const MAX_EVENT: u64 = 64 << 10;
/// How large the head may be, in bytes.
const MAX_HEAD: u64 = 1 << 10;

/// An event with the digest of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The event.
    pub event: Event,
    /// The sha256 of its file, hexadecimal.
    pub sha256: String,
}

/// The last event, as `head.json` names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// How many events there are.
    pub events: u64,
    /// The sha256 of the last one's file, hexadecimal; empty where there is none.
    pub sha256: String,
}

/// A place where the history does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The file.
    pub file: String,
    /// What is wrong, in words.
    pub what: String,
}

/// The history.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    /// The events that can be read, in order.
    pub events: Vec<Recorded>,
    /// Where it does not hold.
    pub flaws: Vec<Flaw>,
    /// Whether the last event was written and the head was not, as when the program is stopped in between.
    pub interrupted: bool,
}

impl Chain {
    /// Reads the history.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn read(folder: &RegisterFolder) -> io::Result<Self> {
        let mut chain = Self::default();
        let mut files: BTreeMap<u64, Result<Recorded, String>> = BTreeMap::new();
        for name in folder.names(EVENTS)? {
            let file = format!("{EVENTS}/{name}");
            let number = name.strip_suffix(".json").and_then(|stem| stem.parse::<u64>().ok());
            match number.filter(|number| Event::file(*number) == file && *number > 0) {
                None => chain.flaw(file, "it is no file of an event"),
                Some(number) => {
                    files.insert(number, read(folder, &file));
                }
            }
        }
        let last = files.last_key_value().map_or(0, |(number, _)| *number);
        let by_digest: HashMap<String, u64> = files
            .iter()
            .filter_map(|(number, found)| Some((found.as_ref().ok()?.sha256.clone(), *number)))
            .collect();
        let mut before: Option<&Recorded> = None;
        let mut expected = 1;
        for (number, found) in &files {
            let file = Event::file(*number);
            if *number > expected {
                let gap = if *number - expected == 1 {
                    "this event was removed".to_owned()
                } else {
                    format!("this event and those up to {} were removed", Event::file(number - 1))
                };
                chain.flaw(Event::file(expected), gap);
            }
            match found {
                Err(why) => chain.flaw(file, why.clone()),
                Ok(recorded) => chain.link(recorded, before, *number == expected, &file, &by_digest),
            }
            before = found.as_ref().ok();
            expected = number + 1;
        }
        chain.events = files.into_values().filter_map(Result::ok).collect();
        chain.compare_head(folder, last);
        Ok(chain)
    }

    /// The last event.
    #[must_use]
    pub fn last(&self) -> Option<&Recorded> {
        self.events.last()
    }

    /// What names the last event.
    #[must_use]
    pub fn head(&self) -> Head {
        Head {
            events: self.last().map_or(0, |last| last.event.number),
            sha256: self.last().map(|last| last.sha256.clone()).unwrap_or_default(),
        }
    }

    /// Whether an event with a digest is in the history.
    #[must_use]
    pub fn holds(&self, sha256: &str) -> bool {
        self.events.iter().any(|recorded| recorded.sha256 == sha256)
    }

    fn flaw(&mut self, file: impl Into<String>, what: impl Into<String>) {
        self.flaws.push(Flaw { file: file.into(), what: what.into() });
    }

    /// Whether an event follows the one before it. `follows` says whether there is a file for that one at all.
    fn link(
        &mut self,
        recorded: &Recorded,
        before: Option<&Recorded>,
        follows: bool,
        file: &str,
        by_digest: &HashMap<String, u64>,
    ) {
        let event = &recorded.event;
        if Event::file(event.number) != file {
            let what = format!(
                "it holds event {}: it was put in, or events were put in another order",
                event.number
            );
            return self.flaw(file, what);
        }
        if let Some(before) = before
            && before.event.at > event.at
        {
            self.flaw(file, format!("it says {}, and the event before it {}", event.at, before.event.at));
        }
        // Where the one before is missing or cannot be read, that is said of it.
        if !follows || (before.is_none() && event.number > 1) {
            return;
        }
        match (&event.previous, before) {
            (None, None) => {}
            (Some(previous), Some(before)) if *previous == before.sha256 => {}
            (None, Some(_)) => self.flaw(file, "it names no event before it: it was put in"),
            (Some(previous), _) => match by_digest.get(previous) {
                Some(other) => {
                    let what = format!(
                        "it follows {}, and not what now lies before it: events were put in, removed or put in another \
                         order",
                        Event::file(*other)
                    );
                    self.flaw(file, what);
                }
                None if event.number == 1 => {
                    self.flaw(file, "it names an event before it: the first was removed");
                }
                None => {
                    let what = format!(
                        "it was changed: its digest is not the one that {file} names (unless that one was put in)"
                    );
                    self.flaw(Event::file(event.number - 1), what);
                }
            },
        }
    }

    /// Compares the history with the head, which also knows of what was taken from its end.
    fn compare_head(&mut self, folder: &RegisterFolder, last: u64) {
        let head: Head = match folder.read(HEAD_FILE, MAX_HEAD) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && last == 0 => return,
            Err(error) => return self.flaw(HEAD_FILE, format!("it cannot be read: {error}")),
            Ok(bytes) => match serde_json::from_slice(&bytes) {
                Err(error) => return self.flaw(HEAD_FILE, format!("it is no head: {error}")),
                Ok(head) => head,
            },
        };
        match head.events.cmp(&last) {
            Ordering::Greater => {
                let what = format!("the events from here to {} were removed", Event::file(head.events));
                self.flaw(Event::file(last + 1), what);
            }
            Ordering::Equal => {
                let found = self.last().filter(|found| found.event.number == last);
                if found.is_some_and(|found| found.sha256 != head.sha256) {
                    let what = format!("it was changed: its digest is not the one of {HEAD_FILE}");
                    self.flaw(Event::file(last), what);
                }
            }
            Ordering::Less => {
                let named = self.events.iter().find(|found| found.event.number == head.events);
                let fits = named.map_or(head.events == 0, |found| found.sha256 == head.sha256);
                self.interrupted = fits && head.events + 1 == last && self.flaws.is_empty();
                if !self.interrupted {
                    let what =
                        format!("the events from here on were put in: {HEAD_FILE} does not know of them");
                    self.flaw(Event::file(head.events + 1), what);
                }
            }
        }
    }
}

/// Writes the head.
pub(super) fn write_head(folder: &RegisterFolder, head: &Head) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(head).map_err(io::Error::other)?;
    text.push('\n');
    folder.replace(HEAD_FILE, text.as_bytes()).map(|_| ())
}

fn read(folder: &RegisterFolder, file: &str) -> Result<Recorded, String> {
    let text = folder.read_text(file, MAX_EVENT).map_err(|error| format!("it cannot be read: {error}"))?;
    Ok(Recorded { event: Event::read(&text)?, sha256: digest(text.as_bytes()) })
}
