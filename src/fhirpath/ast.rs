//! The parsed form of an expression. Its `Display` prints text that parses back to the same form.

use std::fmt::{self, Display, Formatter, Write as _};

use super::functions::Function;
use super::item::Item;
use super::operators::{BinaryOperator, Sign, TypeOperator, binding};
use super::pattern::Pattern;
use super::types::TypeSpecifier;

/// One node with the byte offset at which it begins (of an operator, its symbol).
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    pub(super) offset: u32,
    /// Whether it asks what the whole resource holds, and gives the same wherever it is evaluated.
    pub(super) is_shared: bool,
}

impl Node {
    pub(super) fn new(kind: NodeKind, offset: u32) -> Self {
        let is_shared = kind.is_shared();
        Self { kind, offset, is_shared }
    }
}

impl NodeKind {
    /// `%resource.type` and `%resource.descendants()`, and whatever is made of such and of literals only.
    fn is_shared(&self) -> bool {
        let is_rooted = |node: &Node| node.is_shared || matches!(node.kind, Self::Variable(_));
        let is_fixed = |node: &Node| is_rooted(node) || matches!(node.kind, Self::Literal(_));
        match self {
            Self::Member { input: Some(input), .. } => is_rooted(input),
            Self::Call { input: Some(input), function, arguments, .. } => {
                // What is traced is told as often as it is come by.
                is_rooted(input) && function.name != "trace" && arguments.expressions().iter().all(is_fixed)
            }
            Self::Binary { left, right, .. } => {
                is_fixed(left) && is_fixed(right) && (is_rooted(left) || is_rooted(right))
            }
            _ => false,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum NodeKind {
    /// `{}`
    Empty,
    /// A literal; it never holds an element.
    Literal(Item<'static>),
    /// `%name`
    Variable(String),
    This,
    Index,
    Total,
    /// `input.name`, or `name` on the focus.
    Member {
        input: Option<Box<Node>>,
        name: String,
    },
    /// `input.function(arguments)`, or `function(arguments)` on the focus.
    Call {
        input: Option<Box<Node>>,
        function: &'static Function,
        arguments: Arguments,
        pattern: Pattern,
    },
    /// `input[index]`
    Indexer {
        input: Box<Node>,
        index: Box<Node>,
    },
    Sign {
        sign: Sign,
        operand: Box<Node>,
    },
    Binary {
        operator: BinaryOperator,
        left: Box<Node>,
        right: Box<Node>,
    },
    Type {
        operator: TypeOperator,
        operand: Box<Node>,
        specifier: TypeSpecifier,
    },
}

/// What stands between the parentheses of a call.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Arguments {
    Expressions(Vec<Node>),
    Type(TypeSpecifier),
}

impl Arguments {
    /// Those that are expressions.
    pub(super) fn expressions(&self) -> &[Node] {
        match self {
            Self::Expressions(expressions) => expressions,
            Self::Type(_) => &[],
        }
    }
}

impl PartialEq for Node {
    /// The same expression, wherever it stands.
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Display for Node {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            NodeKind::Empty => formatter.write_str("{}"),
            NodeKind::Literal(item) => literal(item, formatter),
            NodeKind::Variable(name) => {
                formatter.write_char('%')?;
                identifier(name, formatter)
            }
            NodeKind::This => formatter.write_str("$this"),
            NodeKind::Index => formatter.write_str("$index"),
            NodeKind::Total => formatter.write_str("$total"),
            NodeKind::Member { input, name } => {
                path(input.as_deref(), formatter)?;
                identifier(name, formatter)
            }
            NodeKind::Call { input, function, arguments, .. } => {
                path(input.as_deref(), formatter)?;
                write!(formatter, "{}(", function.name)?;
                match arguments {
                    Arguments::Type(specifier) => write!(formatter, "{specifier}")?,
                    Arguments::Expressions(arguments) => {
                        for (index, argument) in arguments.iter().enumerate() {
                            formatter.write_str(if index == 0 { "" } else { ", " })?;
                            write!(formatter, "{argument}")?;
                        }
                    }
                }
                formatter.write_char(')')
            }
            NodeKind::Indexer { input, index } => {
                grouped(input, binding::TERM, formatter)?;
                write!(formatter, "[{index}]")
            }
            NodeKind::Sign { sign, operand } => {
                write!(formatter, "{sign}")?;
                grouped(operand, binding::SIGN, formatter)
            }
            NodeKind::Binary { operator, left, right } => {
                // operators of one strength group from the left
                grouped(left, operator.binding(), formatter)?;
                write!(formatter, " {operator} ")?;
                grouped(right, operator.binding() + 1, formatter)
            }
            NodeKind::Type { operator, operand, specifier } => {
                grouped(operand, binding::TYPE, formatter)?;
                write!(formatter, " {operator} {specifier}")
            }
        }
    }
}

fn path(input: Option<&Node>, formatter: &mut Formatter<'_>) -> fmt::Result {
    let Some(input) = input else { return Ok(()) };
    grouped(input, binding::TERM, formatter)?;
    formatter.write_char('.')
}

/// Parentheses around what binds less tightly than it must. No others: the parser counts how deep they nest.
fn grouped(node: &Node, minimum: u8, formatter: &mut Formatter<'_>) -> fmt::Result {
    let strength = match node.kind {
        NodeKind::Sign { .. } => binding::SIGN,
        NodeKind::Binary { operator, .. } => operator.binding(),
        NodeKind::Type { .. } => binding::TYPE,
        _ => binding::TERM,
    };
    if strength < minimum { write!(formatter, "({node})") } else { write!(formatter, "{node}") }
}

fn literal(item: &Item<'_>, formatter: &mut Formatter<'_>) -> fmt::Result {
    match item {
        Item::String(text) => {
            formatter.write_char('\'')?;
            escape(text, '\'', formatter)?;
            formatter.write_char('\'')
        }
        Item::Date(date) => write!(formatter, "@{date}"),
        // the T tells a partial DateTime from a Date
        Item::DateTime(moment) if moment.time.is_none() => write!(formatter, "@{moment}T"),
        Item::DateTime(moment) => write!(formatter, "@{moment}"),
        Item::Time(time) => write!(formatter, "@T{time}"),
        other => write!(formatter, "{other}"),
    }
}

const KEYWORDS: [&str; 12] =
    ["true", "false", "and", "or", "xor", "implies", "div", "mod", "is", "as", "in", "contains"];

/// An identifier, in backquotes where it could be read as something else.
pub(super) fn identifier(name: &str, formatter: &mut Formatter<'_>) -> fmt::Result {
    let plain = !KEYWORDS.contains(&name)
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
    if plain {
        return formatter.write_str(name);
    }
    formatter.write_char('`')?;
    escape(name, '`', formatter)?;
    formatter.write_char('`')
}

fn escape(text: &str, quote: char, formatter: &mut Formatter<'_>) -> fmt::Result {
    for character in text.chars() {
        match character {
            '\\' => formatter.write_str("\\\\")?,
            '\n' => formatter.write_str("\\n")?,
            '\r' => formatter.write_str("\\r")?,
            '\t' => formatter.write_str("\\t")?,
            '\u{c}' => formatter.write_str("\\f")?,
            _ if character == quote => write!(formatter, "\\{character}")?,
            _ => formatter.write_char(character)?,
        }
    }
    Ok(())
}

/// Takes the escapes out of a string (section 4.1.2). A backslash before anything that is no escape
/// is ignored, as the specification says.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        // surrogate pairs come as two escapes in a row
        while let Some((unit, after)) = unicode_escape(rest) {
            units.push(unit);
            rest = after;
            match rest.strip_prefix('\\') {
                Some(next) if unicode_escape(next).is_some() => rest = next,
                _ => break,
            }
        }
        if !units.is_empty() {
            plain.push_str(&String::from_utf16_lossy(&units));
            units.clear();
            continue;
        }
        let mut characters = rest.chars();
        match characters.next() {
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('t') => plain.push('\t'),
            Some('f') => plain.push('\u{c}'),
            Some(other) => plain.push(other),
            None => {}
        }
        rest = characters.as_str();
    }
    plain.push_str(rest);
    plain
}

fn unicode_escape(text: &str) -> Option<(u16, &str)> {
    let digits = text.strip_prefix('u')?.get(..4)?;
    let all_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    all_hex.then(|| u16::from_str_radix(digits, 16).ok())?.map(|unit| (unit, &text[5..]))
}

#[cfg(test)]
mod tests {
    use super::{Arguments, NodeKind, unescape};
    use crate::fhirpath::parser::parse;

    #[test]
    fn what_asks_nothing_of_an_item_is_evaluated_once() {
        let is_shared = |criterion: &str| {
            let parsed = parse(&format!("name.all({criterion})")).unwrap();
            let NodeKind::Call { arguments: Arguments::Expressions(arguments), .. } = parsed.kind else {
                panic!("{criterion} is no call")
            };
            arguments[0].is_shared
        };
        for shared in
            ["%resource.type", "%resource.name.first().family & '.'", "(%resource.a | %resource.b).as(uri)"]
        {
            assert!(is_shared(shared), "{shared}");
        }
        for own in
            ["family", "%resource.name.where($this = 'x')", "%resource.name.trace('x')", "'a' & family"]
        {
            assert!(!is_shared(own), "{own}");
        }
    }

    #[test]
    fn escapes_of_the_specification() {
        for (written, meant) in [
            (r"it\'s", "it's"),
            (r"\\\/\f\r\n\t\`", "\\/\u{c}\r\n\t`"),
            (r"\u0041\u00e9", "Aé"),
            (r"\uD83D\uDE00!", "😀!"),
            (r"\p\3", "p3"),
            (r"\u005", "u005"),
            ("\\", ""),
        ] {
            assert_eq!(unescape(written), meant, "{written}");
        }
    }
}
