//! What a campaign leaves behind besides runs: a certificate of each, and entries of a register.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::super::certify::{text_of, witnessed};
use super::super::error::{Error, Result};
use super::super::printer::Printer;
use super::super::register::add::refused;
use super::super::register::whole;
use super::super::signing_key::signing_key;
use crate::certificate::SigningKey;
use crate::config::CampaignSupplier;
use crate::register::{Occasion, Register, Wanted, moment};
use crate::run::RunRecord;

/// The certificate in a run's folder.
const CERTIFICATE_FILE: &str = "certificate.json";

/// Arguments about certificates and the register.
#[derive(Debug, clap::Args)]
pub(super) struct ListingArguments {
    /// Signs a certificate of each run as its witness, with this private key; into its folder, as certificate.json
    #[arg(long, value_name = "FILE", group = "signer")]
    key: Option<PathBuf>,
    /// The environment variable that holds the private key in PEM
    #[arg(long, value_name = "NAME", group = "signer")]
    key_env: Option<String>,
    /// Lists the certificates in this register
    #[arg(long, value_name = "DIR", requires = "signer")]
    register: Option<PathBuf>,
    /// The register's private key, to sign the events with
    #[arg(long, value_name = "FILE", requires = "register")]
    register_key: Option<PathBuf>,
}

/// Who signs, and where it is listed.
pub(super) struct Listing {
    key: SigningKey,
    register: Option<Register>,
    register_key: Option<SigningKey>,
}

impl ListingArguments {
    /// What is to be signed with and listed in, if anything is. What cannot be used is said before anything is sent.
    pub(super) fn open(&self) -> Result<Option<Listing>> {
        let Some(key) = signing_key(self.key.as_deref(), self.key_env.as_deref())? else { return Ok(None) };
        let register = self.register.as_deref().map(whole).transpose()?;
        let register_key = signing_key(self.register_key.as_deref(), None)?;
        Ok(Some(Listing { key, register, register_key }))
    }
}

impl Listing {
    /// Signs a certificate of a run, unless it has one, and lists it. What the register does not admit is said, and is
    /// no error: the certificate is there.
    pub(super) fn add(
        &mut self,
        supplier: &CampaignSupplier,
        folder: &Path,
        record: &RunRecord,
        is_new: bool,
        printer: &mut Printer,
    ) -> Result<()> {
        let file = folder.join(CERTIFICATE_FILE);
        let text = if file.exists() && !is_new {
            text_of(&file)?
        } else {
            let text = witnessed(record, folder, CERTIFICATE_FILE, &self.key)?;
            std::fs::write(&file, &text).map_err(|error| Error::io(file.display().to_string(), error))?;
            text
        };
        let Some(register) = &mut self.register else { return Ok(()) };
        let occasion = Occasion {
            at: moment(Timestamp::now()),
            by: register.settings.publisher.clone(),
            care_settings: supplier.care_settings.clone(),
            consent: supplier.consent.clone(),
            ..Occasion::default()
        };
        match register.add(&Wanted::Issue(&text), occasion, self.register_key.as_ref()) {
            Ok(event) => printer.note(&format!("{}: listed as entry {}", supplier.name, event.entry)),
            Err(why) => printer.note(&format!("{}: not listed: {}", supplier.name, refused(why))),
        }
        Ok(())
    }
}
