//! Answers kept on disk from run to run: one file each, named by a digest of the question.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Answer, Question};

/// How long an answer is good for.
const MAX_AGE: jiff::SignedDuration = jiff::SignedDuration::from_hours(30 * 24);
/// How large a file is read.
const MAX_BYTES: u64 = 16 << 10;

/// The folder of answers.
#[derive(Debug)]
pub(super) struct Kept {
    folder: PathBuf,
}

/// An answer with the question, so that no other is taken for it.
#[derive(Serialize, Deserialize)]
struct Entry {
    question: Question,
    answer: Answer,
}

impl Kept {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The answer that the service gave to a question, if it is not too old.
    pub(super) fn read(&self, service: &str, question: &Question, now: jiff::Timestamp) -> Option<Answer> {
        let file = std::fs::File::open(self.place(service, question)).ok()?;
        let mut text = Vec::new();
        file.take(MAX_BYTES).read_to_end(&mut text).ok()?;
        let entry: Entry = serde_json::from_slice(&text).ok()?;
        let at: jiff::Timestamp = entry.answer.at.parse().ok()?;
        let fresh = at <= now && now.duration_since(at) <= MAX_AGE;
        (fresh && entry.question == *question && entry.answer.service == service).then_some(entry.answer)
    }

    /// Keeps an answer. What cannot be written is asked again next time.
    pub(super) fn write(&self, question: &Question, answer: &Answer) {
        let entry = Entry { question: question.clone(), answer: answer.clone() };
        let place = self.place(&answer.service, question);
        let write = || -> std::io::Result<()> {
            std::fs::create_dir_all(&self.folder)?;
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
