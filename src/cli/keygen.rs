//! `proofmark keygen --out DIR`: a pair of keys to sign certificates with.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::ExitStatus;
use super::error::{Error, Result};
use super::printer::Printer;
use crate::certificate::{Algorithm, SigningKey};

/// The file of the private key.
const PRIVATE_FILE: &str = "proofmark.key";
/// The file of the public key.
const PUBLIC_FILE: &str = "proofmark.pub";

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder for proofmark.key and proofmark.pub
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How the key signs
    #[arg(long, value_enum, default_value_t, value_name = "ALGORITHM")]
    algorithm: AlgorithmName,
}

/// An algorithm by name.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum AlgorithmName {
    /// Ed25519
    #[default]
    Ed25519,
    /// ECDSA on P-256 with SHA-256, for those whose keys must be
    EcdsaP256,
}

pub(super) fn run(arguments: &Arguments, printer: &mut Printer) -> Result<ExitStatus> {
    let algorithm = match arguments.algorithm {
        AlgorithmName::Ed25519 => Algorithm::Ed25519,
        AlgorithmName::EcdsaP256 => Algorithm::EcdsaP256,
    };
    let failed = |path: &Path, source| match source {
        source if std::io::Error::kind(&source) == std::io::ErrorKind::AlreadyExists => Error::hint(
            format!("{} is there already", path.display()),
            "a key is never written over; give another folder, or move the file away",
        ),
        source => Error::io(path.display().to_string(), source),
    };
    let (key, pem) = SigningKey::generate(algorithm).map_err(|error| Error::message(error.to_string()))?;
    std::fs::create_dir_all(&arguments.out).map_err(|source| failed(&arguments.out, source))?;
    let private = arguments.out.join(PRIVATE_FILE);
    let public = arguments.out.join(PUBLIC_FILE);
    if public.exists() {
        return Err(failed(&public, std::io::ErrorKind::AlreadyExists.into()));
    }
    create(&private, true)
        .and_then(|mut file| file.write_all(pem.as_bytes()))
        .map_err(|source| failed(&private, source))?;
    create(&public, false)
        .and_then(|mut file| file.write_all(key.public().to_pem().as_bytes()))
        .map_err(|source| failed(&public, source))?;
    printer.data(&format!("{}\n{}\n", private.display(), public.display()))?;
    printer.note(&format!(
        "keep {PRIVATE_FILE} to yourself; {PUBLIC_FILE} is for the trust files of those who verify, with whose it is"
    ));
    Ok(ExitStatus::Success)
}

/// A file that was not there before; `secret` ones are for their owner alone.
fn create(path: &Path, secret: bool) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(if secret { 0o600 } else { 0o644 });
    }
    #[cfg(not(unix))]
    let _ = secret;
    options.open(path)
}
