//! `proofmark explain CODE`

use super::ExitStatus;
use super::app::GlobalOptions;
use super::error::{Error, Result};
use super::printer::Printer;
use crate::code::Code;
use crate::standard::{Requirement, Standard};
use crate::text::{indented, nearest};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The code of a check or finding (`element-missing`), or the id of a requirement (`CC-PAT-004`)
    #[arg(required_unless_present = "list")]
    code: Option<String>,
    /// Lists all codes
    #[arg(long)]
    list: bool,
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let codes: Vec<&Code> = crate::check::codes().into_iter().chain(crate::validate::codes()).collect();
    let Some(wanted) = arguments.code.as_ref().filter(|_| !arguments.list) else {
        let lines: String = codes.iter().map(|code| format!("{:<24} {}\n", code.name, code.title)).collect();
        printer.data(&lines)?;
        return Ok(ExitStatus::Success);
    };
    if let Some(code) = codes.iter().find(|code| code.name == wanted) {
        printer.data(&page(code))?;
        return Ok(ExitStatus::Success);
    }
    let catalogue = options.catalogue();
    let mut known: Vec<String> = codes.iter().map(|code| code.name.to_owned()).collect();
    for entry in catalogue.entries()? {
        let standard = Standard::load(&entry.folder)?;
        if let Some(requirement) =
            standard.requirements.iter().find(|known| known.id.eq_ignore_ascii_case(wanted))
        {
            printer.data(&requirement_page(requirement, &standard))?;
            return Ok(ExitStatus::Success);
        }
        known.extend(standard.requirements.into_iter().map(|requirement| requirement.id));
    }
    let message = format!("`{wanted}` is neither a code nor a requirement");
    Err(match nearest(wanted, &known) {
        Some(near) => Error::hint(message, format!("did you mean `{near}`?")),
        None => Error::hint(message, "`proofmark explain --list` lists the codes"),
    })
}

fn page(code: &Code) -> String {
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!(
        "{}: {}\n\nWhat is checked\n{}\n\nWhy it matters\n{}\n\nExample\n{}\n\nSpecification\n  {}\n",
        code.name,
        code.title,
        indented(&squeezed(code.what), 2),
        indented(&squeezed(code.why), 2),
        code.example.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n"),
        code.specification
    )
}

fn requirement_page(requirement: &Requirement, standard: &Standard) -> String {
    let verifying: Vec<String> = standard
        .scenarios
        .iter()
        .filter(|scenario| scenario.all_verified().any(|id| *id == requirement.id))
        .map(|scenario| format!("  {}: {}\n", scenario.scenario, scenario.title))
        .collect();
    let implied = if requirement.implied { " (our reading; the source has no key word)" } else { "" };
    let mut page = format!(
        "{}: {}{implied}, for the {}; {} ({})\n\n{}\n\nWhere it is stated\n  {}{}\n",
        requirement.id,
        requirement.level,
        requirement.role,
        standard.name(),
        requirement.maturity,
        indented(requirement.text.trim(), 2),
        requirement.clause.page,
        requirement.clause.section.as_ref().map(|section| format!(", {section}")).unwrap_or_default(),
    );
    if let Some(url) = &requirement.clause.url {
        page.push_str(&format!("  {url}\n"));
    }
    if let Some(note) = &requirement.note {
        page.push_str(&format!("\nNote\n{}\n", indented(note.trim(), 2)));
    }
    if let Some(question) = &requirement.question {
        page.push_str(&format!("\nShown by {}\n{}\n", requirement.verified_by, indented(question.trim(), 2)));
    }
    if !verifying.is_empty() {
        page.push_str(&format!("\nVerified by\n{}", verifying.concat()));
    }
    page
}
