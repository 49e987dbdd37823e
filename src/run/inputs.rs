//! What a run was given besides the standard and the answers: with these, judging it again says the same.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Baseline, Data, Waivers};

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
    /// Whether the run presents a certificate of its own by TLS.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub client_certificate: bool,
    /// Of a run that shares were put together to: what each share was given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Share>,
    /// What is waived, by whom and until when.
    #[serde(default, skip_serializing_if = "Waivers::is_empty")]
    pub waivers: Waivers,
    /// The earlier run that this one is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
}

/// The moment and the seed of one share of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// The ids of its cases.
    pub cases: BTreeSet<String>,
    /// The moment that dates in its scenarios are relative to.
    pub now: jiff::Timestamp,
    /// What its generated values are made of.
    pub seed: String,
}

impl Inputs {
    /// The inputs of a run that begins now.
    ///
    /// # Errors
    /// The system has no source of random numbers.
    pub fn begin(data: Data) -> std::io::Result<Self> {
        let mut seed = [0; 16];
        getrandom::fill(&mut seed).map_err(std::io::Error::other)?;
        let now = jiff::Timestamp::now();
        let (shares, waivers) = (Vec::new(), Waivers::default());
        let seed = hex::encode(seed);
        Ok(Self { now, seed, data, client_certificate: false, shares, waivers, baseline: None })
    }

    /// The moment and the seed of a case: those of its share, where shares were put together.
    #[must_use]
    pub fn of_case(&self, case: &str) -> (jiff::Timestamp, &str) {
        let share = self.shares.iter().find(|share| share.cases.contains(case));
        share.map_or((self.now, &self.seed), |share| (share.now, &share.seed))
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
