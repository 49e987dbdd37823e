//! A certificate as a page to be printed: the verdict, its scope and dates, and a QR code of its id and digest.

use minijinja::{Value, context};
use qrcode::QrCode;
use qrcode::render::svg;
use sha2::{Digest as _, Sha256};

use super::notices;
use super::standing::{verdict_symbol, verdict_tone};
use super::template;
use crate::certificate::{Envelope, statement};
use crate::run::Supplier;

const TEMPLATE: &str = include_str!("html/certificate.html");

/// Why there is no page of a certificate.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// It cannot be read.
    #[error("the certificate cannot be read")]
    Certificate,
    /// Its code does not fit.
    #[error("its QR code cannot be drawn: {0}")]
    Code(#[from] qrcode::types::QrError),
    /// A defect of ours.
    #[error("cannot write the page: {0:#}")]
    Page(#[from] minijinja::Error),
}

/// The page of a certificate.
///
/// # Errors
/// The certificate cannot be read.
pub fn render(envelope: &Envelope) -> Result<String, PageError> {
    let payload = envelope.payload().ok_or(PageError::Certificate)?;
    let predicate = statement(envelope).map_err(|_| PageError::Certificate)?.predicate;
    let digest = hex::encode(Sha256::digest(&payload));
    let run = predicate.run;
    let code = Value::from_safe_string(code(&predicate.id, &digest)?);
    let title = format!("Certificate {}", predicate.id);
    let product = product(&run.supplier);
    let standards: Vec<Value> = run
        .standards
        .into_iter()
        .map(|standard| {
            context! {
                title => standard.title,
                name => format!("{}@{}", standard.id, standard.version),
                role => standard.role.to_string(),
                maturity => standard.maturity.label,
                verdict => standard.verdict.to_string(),
                symbol => verdict_symbol(standard.verdict),
                tone => verdict_tone(standard.verdict),
                sentence => standard.sentence,
                mandatory => standard.counts.mandatory,
                passed => standard.counts.mandatory_passed,
                failed => standard.counts.mandatory_failed,
                open => standard.counts.mandatory_open,
                waived => standard.counts.mandatory_waived,
                sha256 => standard.sha256,
            }
        })
        .collect();
    let not_tested: Vec<Value> = run
        .not_tested
        .into_iter()
        .map(|one| context! { requirement => one.requirement, reason => one.reason })
        .collect();
    let waivers: Vec<Value> = run
        .waivers
        .into_iter()
        .map(|one| {
            let (requirement, reason) = (one.requirement, one.reason);
            context! { requirement, reason, approver => one.approver, expires => one.expires }
        })
        .collect();
    let declared: Vec<Value> = predicate
        .declared
        .into_iter()
        .map(|one| context! { requirement => one.requirement, met => one.met, answer => one.answer })
        .collect();
    let view = context! {
        style => template::style(),
        title,
        id => predicate.id,
        digest,
        code,
        product,
        environment => run.supplier.environment,
        endpoint => run.endpoint,
        standards,
        started => template::in_words(&run.started),
        judged_by => run.judged_by,
        selection => run.selection,
        terminology => run.terminology.as_ref().map(notices::terminology),
        policy => run.policy,
        issued => template::in_words(&predicate.issued),
        issued_as => predicate.issued_as.to_string(),
        from => predicate.validity.from,
        until => predicate.validity.until,
        scheme => predicate.decision.map(|decision| decision.scheme),
        not_claimed => run.not_claimed,
        not_tested,
        waivers,
        declared,
        awaiting => predicate.awaiting,
        keys => envelope.signatures.iter().map(|signature| signature.keyid.clone()).collect::<Vec<_>>(),
    };
    Ok(template::render("certificate.html", TEMPLATE, view)?)
}

fn product(supplier: &Supplier) -> String {
    let product: Vec<&str> =
        [&supplier.product, &supplier.version].into_iter().flatten().map(String::as_str).collect();
    match (&supplier.name, product.is_empty()) {
        (Some(name), false) => format!("{} by {name}", product.join(" ")),
        (Some(name), true) => format!("a product of {name}"),
        (None, false) => product.join(" "),
        (None, true) => "a product that the configuration does not name".to_owned(),
    }
}

/// The id and digest as a QR code, drawn in black on white whatever the page's colours are: scanners need that.
fn code(id: &str, digest: &str) -> Result<String, qrcode::types::QrError> {
    let code = QrCode::new(format!("proofmark:certificate:{id}:sha256:{digest}"))?;
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(180, 180).build();
    let start = drawn.find("<svg").unwrap_or(0);
    let svg = &drawn[start..];
    Ok(svg.replacen("<svg", "<svg role=\"img\" aria-label=\"QR code of the certificate's id and digest\"", 1))
}
