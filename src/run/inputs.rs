//! What a run was given besides the standard and the answers: with these, judging it again says the same.

use serde::{Deserialize, Serialize};

use super::Data;

/// The inputs of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// The moment that dates in scenarios are relative to.
    pub now: jiff::Timestamp,
    /// What generated values are made of, so that each run has its own and a run judged again has the same: 128 bits,
    /// hexadecimal.
    pub seed: String,
    /// The data that the scenarios use, and where it came from.
    pub data: Data,
}

impl Inputs {
    /// The inputs of a run that begins now.
    ///
    /// # Errors
    /// The system has no source of random numbers.
    pub fn begin(data: Data) -> std::io::Result<Self> {
        let mut seed = [0; 16];
        getrandom::fill(&mut seed).map_err(std::io::Error::other)?;
        Ok(Self { now: jiff::Timestamp::now(), seed: hex::encode(seed), data })
    }

    /// The file that they are kept in: the same bytes for the same inputs.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Serializing plain data with text keys does not fail.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}
