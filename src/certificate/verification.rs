//! Verifying a certificate: a chain of links from the signature to the evidence, each of which holds, is broken, or
//! could not be checked here.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::envelope::{Envelope, PAYLOAD_TYPE};
use super::statement::{PREDICATE_TYPE, RunFacts, STATEMENT_TYPE, Signer, Statement};
use super::trust::Trust;
use crate::files::Folder;
use crate::run::{Inputs, PRIVATE_EVIDENCE_FOLDER, RUN_FILE, RunRecord, Verdict, original_digest};

/// How many certificates may rest on one another.
const MAX_DEPTH: usize = 4;

/// What a certificate is worth, by who signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Assurance {
    /// The supplier says so.
    SelfDeclared,
    /// Somebody was there.
    Witnessed,
    /// A body decided.
    Certified,
}

impl std::fmt::Display for Assurance {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::SelfDeclared => "self-declared",
            Self::Witnessed => "witnessed",
            Self::Certified => "certified",
        })
    }
}

/// How a link of the chain stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Checked, and it holds.
    Holds,
    /// Checked, and it holds; who relies on it has to know what was found.
    Warns,
    /// Checked, and it does not.
    Broken,
    /// What it needs is not at hand.
    NotChecked,
}

/// One link of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it is about.
    pub name: &'static str,
    /// How it stands.
    pub state: State,
    /// What was found, in words.
    pub detail: String,
}

/// What came of verifying.
#[derive(Debug, Clone, Default)]
pub struct Verification {
    /// The links, in order.
    pub links: Vec<Link>,
    /// What the certificate says, as far as it can be read.
    pub statement: Option<Statement>,
    /// As what trusted keys signed it.
    pub signers: BTreeSet<Signer>,
}

impl Verification {
    /// Reads a certificate and follows it as far as it reaches by itself: form, signatures, keys, dates, waivers.
    /// `today` is the day to judge on, `YYYY-MM-DD`.
    #[must_use]
    pub fn of(text: &str, trust: &Trust, today: &str) -> Self {
        let mut verification = Self::default();
        match read(text) {
            Err(why) => verification.broken("form", why),
            Ok(envelope) => {
                verification.holds("form", "a DSSE envelope around an in-toto statement");
                verification.envelope(&envelope, trust, today, 0);
            }
        }
        verification
    }

    /// Whether nothing is broken.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.statement.is_some() && self.links.iter().all(|link| link.state != State::Broken)
    }

    /// Whether something was found that does not break it.
    #[must_use]
    pub fn warns(&self) -> bool {
        self.links.iter().any(|link| link.state == State::Warns)
    }

    /// What the certificate is worth, by who signed; `None` where nobody who is trusted did.
    #[must_use]
    pub fn assurance(&self) -> Option<Assurance> {
        let has = |signer| self.signers.contains(&signer);
        let decided = self.statement.as_ref().is_some_and(|one| one.predicate.decision.is_some());
        if decided && has(Signer::Body) {
            Some(Assurance::Certified)
        } else if has(Signer::Witness) {
            Some(Assurance::Witnessed)
        } else {
            has(Signer::Supplier).then_some(Assurance::SelfDeclared)
        }
    }

    /// Adds a link that holds.
    pub fn holds(&mut self, name: &'static str, detail: impl Into<String>) {
        self.links.push(Link { name, state: State::Holds, detail: detail.into() });
    }

    /// Adds a link that is broken.
    pub fn broken(&mut self, name: &'static str, detail: impl Into<String>) {
        self.links.push(Link { name, state: State::Broken, detail: detail.into() });
    }

    /// Adds a link that could not be checked.
    pub fn not_checked(&mut self, name: &'static str, detail: impl Into<String>) {
        self.links.push(Link { name, state: State::NotChecked, detail: detail.into() });
    }

    fn envelope(&mut self, envelope: &Envelope, trust: &Trust, today: &str, depth: usize) {
        let statement = match statement(envelope) {
            Ok(statement) => statement,
            Err(why) => return self.broken("statement", why),
        };
        self.signatures(envelope, &statement, trust, today);
        let validity = &statement.predicate.validity;
        if today < validity.from.as_str() {
            self.broken("validity", format!("it counts from {} on", validity.from));
        } else if today > validity.until.as_str() {
            self.broken("validity", format!("it expired on {}", validity.until));
        } else {
            self.holds("validity", format!("{} to {}", validity.from, validity.until));
        }
        for waiver in &statement.predicate.run.waivers {
            if today > waiver.expires.as_str() {
                let detail = format!("that of {} expired on {}", waiver.requirement, waiver.expires);
                self.broken("waiver", detail);
            }
        }
        match (&statement.predicate.decision, statement.predicate.issued_as) {
            (Some(_), Signer::Body) if !decided_on_enough(&statement) => {
                self.broken(
                    "decision",
                    "it certifies a run that is not conformant, or with declarations missing",
                );
            }
            (_, Signer::Register) => self.broken("statement", "a register signs events, and no certificates"),
            (Some(_), Signer::Supplier | Signer::Witness) | (None, Signer::Body) => {
                self.broken("decision", "a decision is signed by a body, and a body signs decisions");
            }
            _ => {}
        }
        if let Some(inner) = &statement.predicate.rests_on {
            self.rests_on(inner, &statement, trust, today, depth);
        }
        if depth == 0 {
            self.statement = Some(statement);
        }
    }

    /// The certificate within a decision: of the same run, and valid itself.
    fn rests_on(&mut self, inner: &Envelope, outer: &Statement, trust: &Trust, today: &str, depth: usize) {
        if depth + 1 >= MAX_DEPTH {
            return self.broken("rests on", "too many certificates rest on one another");
        }
        match statement(inner) {
            Ok(statement) if statement.subject == outer.subject => {
                self.holds("rests on", format!("the certificate {} of the same run", statement.predicate.id));
            }
            Ok(_) => self.broken("rests on", "the certificate within is of another run"),
            Err(_) => {}
        }
        self.envelope(inner, trust, today, depth + 1);
    }

    fn signatures(&mut self, envelope: &Envelope, statement: &Statement, trust: &Trust, today: &str) {
        if envelope.signatures.is_empty() {
            self.broken("signature", "nobody signed it");
        }
        for (index, signature) in envelope.signatures.iter().enumerate() {
            let Some(trusted) = trust.key(&signature.keyid) else {
                let id: String = signature.keyid.chars().take(16).collect();
                self.broken("signature", format!("by a key that the trust file does not name ({id}…)"));
                continue;
            };
            if !envelope.is_signed_by(signature, &trusted.key) {
                self.broken("signature", format!("that of {} does not fit what it signs", trusted.name));
                continue;
            }
            // The first signs as what the statement says; whoever signs after that was a witness of it.
            let signer = if index == 0 { statement.predicate.issued_as } else { Signer::Witness };
            if !trusted.signs_as.contains(&signer) {
                self.broken("signature", format!("{} is not trusted to sign as {signer}", trusted.name));
                continue;
            }
            if let Some(objection) = trusted.objection(today) {
                self.broken("key", objection);
            } else {
                self.holds("signature", format!("{} as {signer}", trusted.name));
                self.signers.insert(signer);
            }
        }
    }

    /// Follows the certificate into the folder of the run that it is about: every file that it names, and no file of
    /// evidence that it does not.
    pub fn run(&mut self, folder: &Folder, record: Option<&RunRecord>, certificate: Option<&str>) {
        let Some(statement) = self.statement.clone() else { return };
        let mut wrong = 0_usize;
        for subject in &statement.subject {
            let name = if subject.name == RUN_FILE { "report" } else { "evidence" };
            let expected = subject.digest.get("sha256");
            match folder.read(&subject.name) {
                Err(error) => self.broken(name, format!("{} cannot be read: {error}", subject.name)),
                Ok(bytes) if expected != Some(&hex::encode(Sha256::digest(&bytes))) => {
                    self.broken(name, format!("{} is not the file that was signed", subject.name));
                }
                Ok(_) => continue,
            }
            wrong += 1;
        }
        let named: BTreeSet<&str> = statement.subject.iter().map(|subject| subject.name.as_str()).collect();
        for file in folder.files().unwrap_or_default() {
            let is_private = file.starts_with("private/");
            if !is_private && !named.contains(file.as_str()) && certificate != Some(file.as_str()) {
                self.broken("evidence", format!("{file} is in the folder and was not signed"));
                wrong += 1;
            }
        }
        if wrong == 0 {
            let detail = format!("run.json and {} more files are those that were signed", named.len() - 1);
            self.holds("evidence", detail);
        }
        match record {
            None => self.broken("report", "run.json cannot be read"),
            Some(record) if RunFacts::of(record) != statement.predicate.run => {
                self.broken("report", "run.json does not say what the certificate says of it");
            }
            Some(record) => {
                self.holds("report", "run.json says what the certificate says of it");
                self.originals(folder, record);
            }
        }
    }

    /// What was received, before identifiers were taken out: only who made the run has it.
    fn originals(&mut self, folder: &Folder, record: &RunRecord) {
        let inputs = folder.read(&record.inputs.file).ok();
        let Some(bytes) = inputs else {
            return self.not_checked("originals", "the private folder of the run is not here");
        };
        let seed = match serde_json::from_slice::<Inputs>(&bytes) {
            Ok(inputs) if hex::encode(Sha256::digest(&bytes)) == record.inputs.sha256 => inputs.seed,
            _ => {
                return self
                    .broken("originals", format!("{} is not what the run was given", record.inputs.file));
            }
        };
        let mut checked = 0_usize;
        for exchange in record.exchanges.iter().filter(|exchange| !exchange.original.is_empty()) {
            let file = format!("{PRIVATE_EVIDENCE_FOLDER}/{}.json", exchange.id);
            let Ok(bytes) = folder.read(&file) else { continue };
            checked += 1;
            if original_digest(&seed, &bytes) != exchange.original {
                self.broken("originals", format!("{file} is not what the run received"));
            }
        }
        match checked {
            all if all == record.exchanges.len() => {
                self.holds("originals", format!("{all} exchanges as they were received"));
            }
            some => {
                let all = record.exchanges.len();
                self.broken("originals", format!("of {all} exchanges, {some} are in the private folder"));
            }
        }
    }

    /// Compares the standards that the certificate names with those at hand: `digest` gives the sha256 of `ID@VERSION`,
    /// or why it cannot be told.
    pub fn standards(&mut self, digest: impl Fn(&str) -> Option<Result<String, String>>) {
        let Some(statement) = self.statement.clone() else { return };
        for standard in &statement.predicate.run.standards {
            let name = format!("{}@{}", standard.id, standard.version);
            match digest(&name) {
                None => self.not_checked("standard", format!("{name} is not at hand")),
                Some(Err(why)) => self.broken("standard", format!("{name} cannot be read here: {why}")),
                Some(Ok(found)) if found == standard.sha256 => {
                    self.holds("standard", format!("{name}, the same files"));
                }
                Some(Ok(_)) => {
                    self.broken("standard", format!("{name} has other files here than it was judged by"));
                }
            }
        }
    }
}

/// The envelope of a text. Its form is fixed to the byte, so that nothing in it can change unnoticed.
pub(super) fn read(text: &str) -> Result<Envelope, String> {
    let envelope: Envelope =
        serde_json::from_str(text).map_err(|error| format!("it is no DSSE envelope: {error}"))?;
    let forms = [envelope.to_text(), serde_json::to_string(&envelope)];
    let is_ours = forms.iter().flatten().any(|form| form.trim_end() == text || form == text);
    if is_ours { Ok(envelope) } else { Err("it is not written as certificates are".to_owned()) }
}

/// The statement of an envelope, whoever signed it.
///
/// # Errors
/// Why it is none that is read here, in words.
pub fn statement(envelope: &Envelope) -> Result<Statement, String> {
    if envelope.payload_type != PAYLOAD_TYPE {
        return Err("its payload is no in-toto statement".to_owned());
    }
    let payload = envelope.payload().ok_or("its payload is no base64")?;
    let statement: Statement =
        serde_json::from_slice(&payload).map_err(|error| format!("it cannot be read: {error}"))?;
    if statement.kind != STATEMENT_TYPE || statement.predicate_type != PREDICATE_TYPE {
        return Err(format!("it is a `{}`, and a `{PREDICATE_TYPE}` is read here", statement.predicate_type));
    }
    if !statement.subject.iter().any(|subject| subject.name == RUN_FILE) {
        return Err("it is about no run".to_owned());
    }
    Ok(statement)
}

/// Whether a run may be certified: every verdict conformant, nothing left to be declared.
#[must_use]
pub fn decided_on_enough(statement: &Statement) -> bool {
    let conformant =
        |verdict: Verdict| matches!(verdict, Verdict::Conformant | Verdict::ConformantWithWaivers);
    let standards = &statement.predicate.run.standards;
    !standards.is_empty()
        && standards.iter().all(|standard| conformant(standard.verdict))
        && statement.predicate.awaiting.is_empty()
}
