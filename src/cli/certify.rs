//! `proofmark certify RUN --key FILE --out CERT`: a signed statement about a saved run.

use std::path::{Path, PathBuf};

use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use sha2::{Digest as _, Sha256};

use super::ExitStatus;
use super::error::{Error, Result};
use super::printer::Printer;
use super::report::read;
use super::signing_key::signing_key;
use crate::certificate::{
    Decision, Envelope, IssueError, Signer, SigningKey, Terms, ToolDigest, Validity, co_sign, declarations,
    issue,
};
use crate::files::{Folder, read_bounded};
use crate::report::certificate_page;
use crate::run::RunRecord;

/// How many days a certificate counts unless told otherwise.
const DEFAULT_DAYS: i64 = 365;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The run: its folder, or its run.json
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// The private key, as `proofmark keygen` writes it
    #[arg(long, value_name = "FILE", required_unless_present = "key_env")]
    key: Option<PathBuf>,
    /// The environment variable that holds the private key in PEM
    #[arg(long, value_name = "NAME", conflicts_with = "key")]
    key_env: Option<String>,
    /// As what to sign: the supplier makes a certificate, a witness signs it too, a body decides on it
    #[arg(long, value_enum, default_value_t, value_name = "ROLE")]
    role: Role,
    /// The certificate to sign too or to decide on; the one at --out, if it is there
    #[arg(long, value_name = "CERT")]
    certificate: Option<PathBuf>,
    /// What the supplier declares where no test can show it: a list of requirement, met and answer
    #[arg(long, value_name = "FILE")]
    declarations: Option<PathBuf>,
    /// The first day on which it counts; today unless given
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// The last day on which it counts; a year from the first unless given
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
    /// The scheme by which a body certifies, in its own words
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "conformance to the standards named",
        hide_default_value = true
    )]
    scheme: String,
    /// Where to write the certificate
    #[arg(long, value_name = "CERT")]
    out: PathBuf,
    /// Writes a page to be printed too
    #[arg(long, value_name = "FILE.html")]
    page: Option<PathBuf>,
}

/// As what somebody signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum Role {
    /// The product is theirs
    #[default]
    Supplier,
    /// They were there
    Witness,
    /// They decide
    Body,
}

pub(super) fn run(arguments: &Arguments, printer: &mut Printer) -> Result<ExitStatus> {
    let (record, folder) = read(&arguments.run)?;
    let key = signing_key(arguments.key.as_deref(), arguments.key_env.as_deref())?
        .ok_or_else(|| Error::message("which key? give --key FILE or --key-env NAME"))?;
    let earlier = earlier(arguments)?;
    let leave_out = within(&folder, &arguments.out);
    let files = Folder::Disk(folder.clone());
    let envelope = match (arguments.role, earlier) {
        (Role::Supplier, Some((file, _))) => {
            let hint = "give another --out, or --role witness or body to sign what is there";
            return Err(Error::hint(format!("{file} is there already"), hint));
        }
        (Role::Witness, Some((_, text))) => {
            co_sign(&text, &files, leave_out.as_deref(), &key).map_err(failed)?
        }
        (_, earlier) => {
            let terms = terms(arguments, &record, earlier.map(|(_, text)| text))?;
            issue(&files, &record, terms, leave_out.as_deref(), &key).map_err(failed)?
        }
    };
    let text = envelope.to_text().map_err(|error| Error::message(error.to_string()))?;
    write(&arguments.out, &text)?;
    printer.data(&format!("{}\n", arguments.out.display()))?;
    if let Some(page) = &arguments.page {
        write_page(page, &envelope)?;
        printer.note(&format!("written to {}", page.display()));
    }
    Ok(ExitStatus::Success)
}

/// The certificate of a run that whoever made it signs as a witness, to lie in the run's folder: from today, for a year.
pub(super) fn witnessed(record: &RunRecord, folder: &Path, file: &str, key: &SigningKey) -> Result<String> {
    let now = Timestamp::now();
    let from = now.to_zoned(TimeZone::UTC).date();
    let terms = Terms {
        issued_as: Signer::Witness,
        issued: now.to_string(),
        validity: validity(from, None),
        declared: Vec::new(),
        tool: tool()?,
        decision: None,
        rests_on: None,
    };
    let envelope = issue(&Folder::Disk(folder.to_owned()), record, terms, Some(file), key).map_err(failed)?;
    envelope.to_text().map_err(|error| Error::message(error.to_string()))
}

/// From one day to another, or for as long as a certificate counts unless told otherwise.
fn validity(from: Date, until: Option<Date>) -> Validity {
    let until = until.unwrap_or_else(|| from.saturating_add(Span::new().days(DEFAULT_DAYS)));
    Validity { from: from.to_string(), until: until.to_string() }
}

fn failed(error: IssueError) -> Error {
    match error {
        IssueError::Read { file, source } => Error::io(file, source),
        other => Error::message(other.to_string()),
    }
}

fn write_page(page: &Path, envelope: &Envelope) -> Result<()> {
    let html = certificate_page(envelope).map_err(|error| Error::message(error.to_string()))?;
    write(page, &html)
}

fn terms(arguments: &Arguments, record: &RunRecord, rests_on: Option<String>) -> Result<Terms> {
    let now = Timestamp::now();
    let from = arguments.from.unwrap_or_else(|| now.to_zoned(TimeZone::UTC).date());
    if let Some(until) = arguments.until.filter(|until| *until < from) {
        return Err(Error::message(format!(
            "it would count from {from} until {until}, which is before that"
        )));
    }
    let declared = match &arguments.declarations {
        None => Vec::new(),
        Some(file) => declarations(&file.display().to_string(), &text_of(file)?, record)?,
    };
    let issued_as = match arguments.role {
        Role::Supplier => Signer::Supplier,
        Role::Witness => Signer::Witness,
        Role::Body => Signer::Body,
    };
    Ok(Terms {
        issued_as,
        issued: now.to_string(),
        validity: validity(from, arguments.until),
        declared,
        tool: tool()?,
        decision: (issued_as == Signer::Body).then(|| Decision { scheme: arguments.scheme.clone() }),
        rests_on,
    })
}

/// This program, with the digest of its file.
fn tool() -> Result<ToolDigest> {
    let program = std::env::current_exe()
        .and_then(std::fs::read)
        .map_err(|error| Error::io("the program's own file", error))?;
    Ok(ToolDigest {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        sha256: hex::encode(Sha256::digest(&program)),
    })
}

/// The certificate to sign too or to decide on, with its name.
fn earlier(arguments: &Arguments) -> Result<Option<(String, String)>> {
    let file = match &arguments.certificate {
        Some(file) => file,
        None if arguments.out.exists() => &arguments.out,
        None => return Ok(None),
    };
    Ok(Some((file.display().to_string(), text_of(file)?)))
}

/// The path of a file in a folder, if it lies there: a certificate beside its run is not about itself.
pub(super) fn within(folder: &Path, file: &Path) -> Option<String> {
    let folder = std::path::absolute(folder).ok()?;
    let file = std::path::absolute(file).ok()?;
    Some(file.strip_prefix(folder).ok()?.to_str()?.to_owned())
}

pub(super) fn text_of(file: &Path) -> Result<String> {
    let bytes = read_bounded(file).map_err(|error| Error::io(file.display().to_string(), error))?;
    String::from_utf8(bytes).map_err(|_| Error::message(format!("{} is no text", file.display())))
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).map_err(|error| Error::io(path.display().to_string(), error))
}
