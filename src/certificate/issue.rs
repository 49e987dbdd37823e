//! Issuing a certificate: from the folder of a run to a statement, and from a statement to an envelope that somebody
//! signed.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::envelope::Envelope;
use super::key::{KeyError, SigningKey};
use super::statement::{
    Decision, Declaration, PREDICATE_TYPE, Predicate, RunFacts, STATEMENT_TYPE, Signer, Statement, Subject,
    ToolDigest, Validity, to_be_declared,
};
use super::verification::{decided_on_enough, read, statement};
use crate::files::Folder;
use crate::run::{PRIVATE_FOLDER, RUN_FILE, RunRecord};

/// How many characters of a digest make an id.
const ID_LENGTH: usize = 20;

/// What a certificate is made of, besides the run.
#[derive(Debug, Clone)]
pub struct Terms {
    /// As what its first signer signs.
    pub issued_as: Signer,
    /// When it is issued, RFC 3339 in UTC.
    pub issued: String,
    /// From when until when it counts.
    pub validity: Validity,
    /// What the supplier declares.
    pub declared: Vec<Declaration>,
    /// The program that issues it.
    pub tool: ToolDigest,
    /// What a body decided.
    pub decision: Option<Decision>,
    /// The certificate that a decision rests on, as its file has it.
    pub rests_on: Option<String>,
}

/// Why a certificate cannot be issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// A file of the run cannot be read.
    #[error("{file}: {source}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// The run, or the certificate that it rests on, is not one to sign.
    #[error("{0}")]
    Refused(String),
    /// The key cannot sign.
    #[error("the key cannot sign: {0}")]
    Key(#[from] KeyError),
    /// A defect of ours.
    #[error("cannot write the statement: {0}")]
    Write(#[from] serde_json::Error),
}

/// A certificate about a run, signed by one key. `leave_out` names a file in the run's folder that it is not about, as
/// the certificate itself.
///
/// # Errors
/// The run cannot be read, or a body would certify what is not conformant.
pub fn issue(
    folder: &Folder,
    record: &RunRecord,
    terms: Terms,
    leave_out: Option<&str>,
    key: &SigningKey,
) -> Result<Envelope, IssueError> {
    let subject = subjects(folder, leave_out)?;
    let run = RunFacts::of(record);
    let declared: Vec<&str> =
        terms.declared.iter().filter(|one| one.met).map(|one| one.requirement.as_str()).collect();
    let awaiting = to_be_declared(record).into_iter().filter(|id| !declared.contains(&id.as_str())).collect();
    let rests_on = terms.rests_on.map(|text| rested_on(&text, &subject)).transpose()?;
    let digest = subject.iter().find(|one| one.name == RUN_FILE).map(|one| one.digest.clone());
    let named = format!("{digest:?} {} {}", terms.issued, key.public().id());
    let mut id = hex::encode(Sha256::digest(named));
    id.truncate(ID_LENGTH);
    let statement = Statement {
        kind: STATEMENT_TYPE.to_owned(),
        subject,
        predicate_type: PREDICATE_TYPE.to_owned(),
        predicate: Predicate {
            id,
            issued_as: terms.issued_as,
            issued: terms.issued,
            validity: terms.validity,
            run,
            declared: terms.declared,
            awaiting,
            tool: terms.tool,
            decision: terms.decision,
            rests_on,
        },
    };
    if terms.issued_as == Signer::Body && !decided_on_enough(&statement) {
        return Err(IssueError::Refused(why_not(&statement)));
    }
    let mut envelope = Envelope::around(&serde_json::to_vec(&statement)?);
    envelope.sign(key)?;
    Ok(envelope)
}

/// The certificate of a text, signed by a witness too, who was there when this run was made.
///
/// # Errors
/// It is no certificate, or one of another run, or a body decided on it already.
pub fn co_sign(
    text: &str,
    folder: &Folder,
    leave_out: Option<&str>,
    key: &SigningKey,
) -> Result<Envelope, IssueError> {
    let mut envelope = read(text).map_err(IssueError::Refused)?;
    let statement = statement(&envelope).map_err(IssueError::Refused)?;
    if statement.predicate.decision.is_some() {
        let message = "a body has decided on it; a witness signs before that".to_owned();
        return Err(IssueError::Refused(message));
    }
    if statement.subject != subjects(folder, leave_out)? {
        return Err(IssueError::Refused("the certificate is of another run".to_owned()));
    }
    envelope.sign(key)?;
    Ok(envelope)
}

fn rested_on(text: &str, subject: &[Subject]) -> Result<Envelope, IssueError> {
    let envelope = read(text).map_err(IssueError::Refused)?;
    let inner = statement(&envelope).map_err(IssueError::Refused)?;
    if inner.subject != subject {
        return Err(IssueError::Refused("the certificate to decide on is of another run".to_owned()));
    }
    Ok(envelope)
}

/// Every file of a run that can be shared.
fn subjects(folder: &Folder, leave_out: Option<&str>) -> Result<Vec<Subject>, IssueError> {
    let error = |file: &str, source| IssueError::Read { file: folder.display(file), source };
    let private = format!("{PRIVATE_FOLDER}/");
    let mut subjects = Vec::new();
    for name in folder.files().map_err(|source| error("", source))? {
        if name.starts_with(&private) || leave_out == Some(name.as_str()) {
            continue;
        }
        let bytes = folder.read(&name).map_err(|source| error(&name, source))?;
        let digest = BTreeMap::from([("sha256".to_owned(), hex::encode(Sha256::digest(&bytes)))]);
        subjects.push(Subject { name, digest });
    }
    Ok(subjects)
}

fn why_not(statement: &Statement) -> String {
    let run = &statement.predicate.run;
    let verdicts: Vec<String> = run
        .standards
        .iter()
        .map(|standard| format!("{}@{}: {}", standard.id, standard.version, standard.verdict))
        .collect();
    match statement.predicate.awaiting.as_slice() {
        [] => format!("only a conformant run is certified, and this one is not: {}", verdicts.join(", ")),
        awaiting => format!("declarations are missing for {}", awaiting.join(", ")),
    }
}
