//! Certificates: signed statements about runs, and their verification, offline, down to the last file of evidence.

mod declarations;
mod envelope;
mod issue;
mod key;
mod pem;
mod statement;
#[cfg(test)]
mod tests;
mod trust;
mod verification;

pub use declarations::declarations;
pub use envelope::{Envelope, PAYLOAD_TYPE, Signature};
pub use issue::{IssueError, Terms, co_sign, issue};
pub use key::{Algorithm, KeyError, PublicKey, SigningKey};
pub use statement::{
    Decision, Declaration, NotTested, PREDICATE_TYPE, Predicate, RunFacts, STATEMENT_TYPE, Signer,
    StandardFacts, Statement, Subject, ToolDigest, Validity, WaiverFacts, to_be_declared,
};
pub use trust::{Revoked, Trust, TrustFile, TrustedKey};
pub use verification::{Assurance, Link, State, Verification, decided_on_enough, statement};
