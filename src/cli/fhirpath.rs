//! `proofmark fhirpath EXPRESSION [FILE]`: evaluates an expression on a resource.

use std::path::PathBuf;
use std::sync::Arc;

use super::ExitStatus;
use super::error::{Error, Result};
use super::input;
use super::printer::Printer;
use super::standard::ListFormat;
use crate::fhir::{Definitions, Element, Position, Release, Tree, parse, write_json};
use crate::fhirpath::{Context, Expression, Item};
use crate::inert::one_line;
use crate::package::{Package, PackageSet};
use crate::validate::{Knowledge, SchemaSet};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The expression: "Patient.name.given"
    #[arg(value_name = "EXPRESSION", allow_hyphen_values = true)]
    expression: String,
    /// A resource in JSON or XML; - reads it from standard input. Without one, the expression stands alone
    #[arg(value_name = "FILE|-")]
    file: Option<PathBuf>,
    /// The FHIR release whose types the expression speaks of
    #[arg(long, value_name = "3.0|4.0", default_value = "3.0")]
    fhir_version: Release,
    /// What to print: one value a line, or an array of types and values
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ListFormat,
}

pub(super) fn run(arguments: &Arguments, printer: &mut Printer) -> Result<ExitStatus> {
    let packages =
        PackageSet::new(arguments.fhir_version, vec![Arc::new(Package::core(arguments.fhir_version)?)]);
    let schemas = SchemaSet::new(Arc::new(packages));
    let tree = arguments.file.as_deref().map(|file| {
        let bytes = input::one(file)?;
        parse(&bytes).map_err(|error| Error::message(format!("{}: {error}", file.display())))
    });
    let tree = tree.transpose()?;
    if let Some(tree) = &tree {
        warn(tree, &schemas, printer);
    }
    let knowledge = Knowledge::new(&schemas);
    let mut context = knowledge.context();
    context.strict = true;
    match evaluate(&arguments.expression, &context, tree.as_ref()) {
        Ok(items) => {
            printer.data(&match arguments.format {
                ListFormat::Text => text(&items, &context, &schemas),
                ListFormat::Json => json(&items, &context, &schemas),
            })?;
            if items.is_empty() {
                printer.note("the result is empty");
            }
            Ok(ExitStatus::Success)
        }
        Err((position, message)) => {
            printer.error(&Error::message(shown(&arguments.expression, position, &message)));
            Ok(ExitStatus::Failure)
        }
    }
}

/// The items, or where the expression is wrong and why.
fn evaluate<'t>(
    expression: &str,
    context: &Context<'t>,
    tree: Option<&'t Tree>,
) -> std::result::Result<Vec<Item<'t>>, (Position, String)> {
    let invalid = |error: crate::fhirpath::SyntaxError| (error.position, error.message);
    let expression = Expression::parse(expression).map_err(invalid)?;
    let root = tree.map(Tree::root);
    expression.check(context.model, root.and_then(Element::resource_type)).map_err(invalid)?;
    let focus = root.map(|root| Item::element(root, None));
    expression.evaluate(context, focus).map_err(|error| (error.position, error.message))
}

/// Says what of the resource makes the answer doubtful.
fn warn(tree: &Tree, schemas: &SchemaSet, printer: &mut Printer) {
    let defects = tree.defects().count();
    if let Some((_, position, _)) = tree.defects().next() {
        let message = "of how the resource is written is not FHIR, first at";
        printer
            .note(&format!("note: {defects} part(s) {message} {position}; `proofmark validate` says what"));
    }
    let release = schemas.packages().release();
    match tree.root().resource_type() {
        None => printer.note("note: the resource has no resourceType, so that its types are not known"),
        Some(name) if !schemas.is_type(name) => printer.note(&format!(
            "note: `{}` is no resource type of {release}, so that its types are not known; --fhir-version \
             names another release",
            one_line(name)
        )),
        Some(_) => {}
    }
}

/// How much of a line is shown before and after the place of an error, in characters.
const WINDOW: (usize, usize) = (40, 30);

/// The error with the part of the expression that it is in, and a mark under the place.
fn shown(expression: &str, position: Position, message: &str) -> String {
    let line: Vec<char> =
        expression.lines().nth(position.line as usize - 1).unwrap_or_default().chars().collect();
    let place = (position.column as usize - 1).min(line.len());
    let (start, end) = (place.saturating_sub(WINDOW.0), (place + WINDOW.1).min(line.len()));
    let text = |part: &[char]| one_line(&part.iter().collect::<String>());
    let before = format!("{}{}", if start > 0 { "…" } else { "" }, text(&line[start..place]));
    let after = format!("{}{}", text(&line[place..end]), if end < line.len() { "…" } else { "" });
    let blank = " ".repeat(before.chars().count());
    format!("the expression, {position}: {message}\n  {before}{after}\n  {blank}^")
}

fn text(items: &[Item<'_>], context: &Context<'_>, definitions: &dyn Definitions) -> String {
    items.iter().map(|item| format!("{}\n", one_line(&plain(item, context, definitions)))).collect()
}

/// The value as `toString()` gives it; of what has no single value, its JSON.
fn plain(item: &Item<'_>, context: &Context<'_>, definitions: &dyn Definitions) -> String {
    match item.to_system(context.model) {
        Some(value) => value.to_string(),
        None => value(item, context, definitions),
    }
}

fn json(items: &[Item<'_>], context: &Context<'_>, definitions: &dyn Definitions) -> String {
    let objects: Vec<String> = items
        .iter()
        .map(|item| {
            format!(
                "  {{\"type\": {:?}, \"value\": {}}}",
                item.type_name(),
                value(item, context, definitions)
            )
        })
        .collect();
    if objects.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", objects.join(",\n")) }
}

/// The value as JSON; numbers keep their digits.
fn value(item: &Item<'_>, context: &Context<'_>, definitions: &dyn Definitions) -> String {
    if let Item::Element { element, .. } = item
        && element.value().is_none()
    {
        return write_json(*element, definitions);
    }
    match item.to_system(context.model) {
        Some(value @ (Item::Boolean(_) | Item::Integer(_) | Item::Decimal(_))) => value.to_string(),
        value => serde_json::Value::from(value.as_ref().unwrap_or(item).to_string()).to_string(),
    }
}
