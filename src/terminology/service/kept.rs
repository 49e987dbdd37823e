//! Answers kept on disk from run to run: one file each, named by a digest of the question.
//!
//! What is asked tells something of the resources that were validated, so that only their owner reads it.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Answer, Question};

/// How long an answer is good for.
const MAX_AGE: jiff::SignedDuration = jiff::SignedDuration::from_hours(30 * 24);
/// How long a "no" is good for that says nothing of why.
const MAX_AGE_BARE: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);
/// How large a file is read.
const MAX_BYTES: u64 = 16 << 10;

/// The folder of answers.
#[derive(Debug)]
pub(super) struct Kept {
    folder: PathBuf,
    /// The folder is made ready before the first answer is written.
    ready: Once,
}

/// An answer with the question, so that no other is taken for it.
#[derive(Serialize, Deserialize)]
struct Entry {
    question: Question,
    answer: Answer,
    /// Whether the service said why.
    explained: bool,
}

impl Entry {
    fn max_age(&self) -> jiff::SignedDuration {
        if self.explained { MAX_AGE } else { MAX_AGE_BARE }
    }
}

impl Kept {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), ready: Once::new() }
    }

    /// The answer that the service gave to a question, if it is not too old.
    pub(super) fn read(&self, service: &str, question: &Question, now: jiff::Timestamp) -> Option<Answer> {
        let file = std::fs::File::open(self.place(service, question)).ok()?;
        let mut text = Vec::new();
        file.take(MAX_BYTES).read_to_end(&mut text).ok()?;
        let entry: Entry = serde_json::from_slice(&text).ok()?;
        let at: jiff::Timestamp = entry.answer.at.parse().ok()?;
        let fresh = at <= now && now.duration_since(at) <= entry.max_age();
        (fresh && entry.question == *question && entry.answer.service == service).then_some(entry.answer)
    }

    /// Keeps an answer: one without a word of why for a day, others for a month. What cannot be written is asked again
    /// next time.
    pub(super) fn write(&self, question: &Question, answer: &Answer, explained: bool) {
        let entry = Entry { question: question.clone(), answer: answer.clone(), explained };
        let place = self.place(&answer.service, question);
        // Without the folder no file can be written, which is no loss but of time.
        self.ready.call_once(|| drop(make_ready(&self.folder)));
        let write = || -> std::io::Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
            file.write_all(&serde_json::to_vec(&entry)?)?;
            file.persist(place)?;
            Ok(())
        };
        // Without the file nothing is lost but time.
        let _ = write();
    }

    fn place(&self, service: &str, question: &Question) -> PathBuf {
        let mut digest = Sha256::new();
        for part in
            [service, question.value_set.as_deref().unwrap_or_default(), &question.system, &question.code]
        {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
        self.folder.join(format!("{}.json", hex::encode(digest.finalize())))
    }
}

/// Makes the folder, for its owner only, and deletes the answers in it that are too old to be read.
fn make_ready(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    let max_age = Duration::try_from(MAX_AGE).unwrap_or(Duration::MAX);
    for file in std::fs::read_dir(folder)?.flatten() {
        let is_answer = file.path().extension().is_some_and(|extension| extension == "json");
        let written = file.metadata().and_then(|metadata| metadata.modified());
        let age = written.ok().and_then(|written| SystemTime::now().duration_since(written).ok());
        if is_answer && age.is_some_and(|age| age > max_age) {
            std::fs::remove_file(file.path())?;
        }
    }
    Ok(())
}
