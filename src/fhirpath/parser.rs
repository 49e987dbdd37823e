//! From tokens to the parsed form, by precedence climbing (FHIRPath 2.0.0, sections 6.8 and grammar).

use rust_decimal::Decimal;

use super::ast::{Arguments, Node, NodeKind};
use super::error::SyntaxError;
use super::functions::{self, Function};
use super::item::{Item, Text};
use super::lexer::{self, Token, TokenKind};
use super::operators::{BinaryOperator, Sign, TypeOperator, binding};
use super::pattern::Pattern;
use super::quantity::{CalendarUnit, Quantity, Unit};
use super::suggest::did_you_mean;
use super::types::TypeSpecifier;
use crate::fhir::Position;

/// How deep an expression may nest, chains of steps and operators included: evaluation is recursive.
pub(super) const MAX_DEPTH: usize = 200;

fn too_deep() -> String {
    format!(
        "the expression is deeper than {MAX_DEPTH} levels; each operator or step of a chain is one, each pair of \
         parentheses two"
    )
}

pub(super) fn parse(source: &str) -> Result<Node, SyntaxError> {
    let tokens = lexer::tokens(source)?;
    let mut parser = Parser { source, tokens, next: 0, depth: 0 };
    let node = parser.expression(0)?.node;
    match parser.peek() {
        TokenKind::End => Ok(node),
        _ => Err(parser.unexpected("an operator or the end of the expression")),
    }
}

/// A node and how deep it is.
struct Parsed {
    node: Node,
    depth: usize,
}

struct Parser<'s> {
    source: &'s str,
    tokens: Vec<Token>,
    next: usize,
    /// How many levels of the grammar are open.
    depth: usize,
}

/// An operator between two expressions, or between an expression and a type.
enum Infix {
    Binary(BinaryOperator, u8),
    Type(TypeOperator),
}

impl Parser<'_> {
    fn token(&self) -> &Token {
        // the last token is `End` and is never passed
        &self.tokens[self.next]
    }

    fn peek(&self) -> &TokenKind {
        &self.token().kind
    }

    fn advance(&mut self) -> TokenKind {
        let kind = self.peek().clone();
        if kind != TokenKind::End {
            self.next += 1;
        }
        kind
    }

    fn error(&self, offset: usize, message: impl Into<String>) -> SyntaxError {
        SyntaxError { position: Position::of(self.source, offset), message: message.into() }
    }

    fn unexpected(&self, expected: &str) -> SyntaxError {
        let found = self.peek().describe();
        self.error(self.token().offset, format!("expected {expected}, found {found}"))
    }

    fn accept(&mut self, symbol: &'static str) -> bool {
        let found = *self.peek() == TokenKind::Symbol(symbol);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &'static str) -> Result<(), SyntaxError> {
        if self.accept(symbol) { Ok(()) } else { Err(self.unexpected(&format!("`{symbol}`"))) }
    }

    /// A node one level above the deepest of its parts.
    fn above(&self, kind: NodeKind, offset: usize, parts: usize) -> Result<Parsed, SyntaxError> {
        let depth = parts + 1;
        if depth + self.depth > MAX_DEPTH {
            return Err(self.error(offset, too_deep()));
        }
        Ok(Parsed { node: Node::new(kind, u32::try_from(offset).unwrap_or(u32::MAX)), depth })
    }

    fn expression(&mut self, minimum: u8) -> Result<Parsed, SyntaxError> {
        // one level of the grammar takes several stack frames, so it weighs more than a node
        self.depth += 2;
        if self.depth > MAX_DEPTH {
            let message = too_deep();
            return Err(self.error(self.token().offset, message));
        }
        let mut left = self.signed()?;
        while let Some(infix) = self.infix() {
            let offset = self.token().offset;
            match infix {
                Infix::Binary(operator, strength) if strength >= minimum => {
                    self.advance();
                    let right = self.expression(strength + 1)?;
                    let parts = left.depth.max(right.depth);
                    let (left_node, right_node) = (Box::new(left.node), Box::new(right.node));
                    let kind = NodeKind::Binary { operator, left: left_node, right: right_node };
                    left = self.above(kind, offset, parts)?;
                }
                Infix::Type(operator) if binding::TYPE >= minimum => {
                    self.advance();
                    let specifier = self.type_specifier()?;
                    let kind = NodeKind::Type { operator, operand: Box::new(left.node), specifier };
                    left = self.above(kind, offset, left.depth)?;
                }
                _ => break,
            }
        }
        self.depth -= 2;
        Ok(left)
    }

    fn infix(&self) -> Option<Infix> {
        let text = match self.peek() {
            TokenKind::Word(word) => word.as_str(),
            TokenKind::Symbol(symbol) => symbol,
            _ => return None,
        };
        match text {
            "is" => Some(Infix::Type(TypeOperator::Is)),
            "as" => Some(Infix::Type(TypeOperator::As)),
            _ => BinaryOperator::of(text).map(|operator| Infix::Binary(operator, operator.binding())),
        }
    }

    fn signed(&mut self) -> Result<Parsed, SyntaxError> {
        let sign = match self.peek() {
            TokenKind::Symbol("+") => Sign::Plus,
            TokenKind::Symbol("-") => Sign::Minus,
            _ => return self.path(),
        };
        let offset = self.token().offset;
        self.advance();
        let operand = self.expression(binding::SIGN)?;
        self.above(NodeKind::Sign { sign, operand: Box::new(operand.node) }, offset, operand.depth)
    }

    /// A term and the steps and indexers after it.
    fn path(&mut self) -> Result<Parsed, SyntaxError> {
        let mut left = self.term()?;
        loop {
            let offset = self.token().offset;
            if self.accept(".") {
                left = self.step(left)?;
            } else if self.accept("[") {
                let index = self.expression(0)?;
                self.expect("]")?;
                let parts = left.depth.max(index.depth);
                let kind = NodeKind::Indexer { input: Box::new(left.node), index: Box::new(index.node) };
                left = self.above(kind, offset, parts)?;
            } else {
                return Ok(left);
            }
        }
    }

    fn step(&mut self, input: Parsed) -> Result<Parsed, SyntaxError> {
        let offset = self.token().offset;
        match self.peek() {
            // after a point, a keyword can only be a name
            TokenKind::Word(_) | TokenKind::Quoted(_) => self.invocation(Some(input)),
            TokenKind::Special("this") => {
                self.advance();
                Ok(input)
            }
            TokenKind::Special(name) => {
                Err(self
                    .error(offset, format!("`${name}` cannot follow a point; expected a name or a function")))
            }
            _ => Err(self.unexpected("a name or a function after the point")),
        }
    }

    fn term(&mut self) -> Result<Parsed, SyntaxError> {
        let offset = self.token().offset;
        let kind = match self.peek().clone() {
            TokenKind::Word(word) => match word.as_str() {
                "true" | "false" => NodeKind::Literal(Item::Boolean(word == "true")),
                "and" | "or" | "xor" | "implies" => return Err(self.unexpected("an expression")),
                _ => return self.invocation(None),
            },
            TokenKind::Quoted(_) => return self.invocation(None),
            TokenKind::Number(digits) => {
                self.advance();
                let item = self.number(&digits, offset)?;
                return self.above(NodeKind::Literal(item), offset, 0);
            }
            TokenKind::String(text) => NodeKind::Literal(Item::String(Text::from(text))),
            TokenKind::Date(date) => NodeKind::Literal(Item::Date(date)),
            TokenKind::DateTime(moment) => NodeKind::Literal(Item::DateTime(moment)),
            TokenKind::Time(time) => NodeKind::Literal(Item::Time(time)),
            TokenKind::Variable(name) => NodeKind::Variable(name),
            TokenKind::Special("this") => NodeKind::This,
            TokenKind::Special("index") => NodeKind::Index,
            TokenKind::Special(_) => NodeKind::Total,
            TokenKind::Symbol("(") => {
                self.advance();
                let inner = self.expression(0)?;
                self.expect(")")?;
                return Ok(inner);
            }
            TokenKind::Symbol("{") => {
                self.advance();
                self.expect("}")?;
                return self.above(NodeKind::Empty, offset, 0);
            }
            TokenKind::Symbol(_) | TokenKind::End => return Err(self.unexpected("an expression")),
        };
        self.advance();
        self.above(kind, offset, 0)
    }

    /// A number, or a quantity where a unit follows (section 4.1.8).
    fn number(&mut self, digits: &str, offset: usize) -> Result<Item<'static>, SyntaxError> {
        let unit = match self.peek() {
            TokenKind::String(code) => Some(Unit::ucum(code)),
            TokenKind::Word(word) => CalendarUnit::of(word).map(Unit::Calendar),
            _ => None,
        };
        let too_large = || self.error(offset, format!("the number {digits} is out of range"));
        if let Some(unit) = unit {
            let value = Decimal::from_str_exact(digits).map_err(|_| too_large())?;
            self.advance();
            return Ok(Item::from(Quantity { value, unit }));
        }
        if digits.contains('.') {
            return Decimal::from_str_exact(digits).map(Item::Decimal).map_err(|_| too_large());
        }
        digits.parse().map(Item::Integer).map_err(|_| too_large())
    }

    fn name(&mut self, expected: &str) -> Result<String, SyntaxError> {
        match self.peek().clone() {
            TokenKind::Word(name) | TokenKind::Quoted(name) => {
                self.advance();
                Ok(name)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    fn invocation(&mut self, input: Option<Parsed>) -> Result<Parsed, SyntaxError> {
        let offset = self.token().offset;
        let name = self.name("a name")?;
        let parts = input.as_ref().map_or(0, |input| input.depth);
        let input = input.map(|input| Box::new(input.node));
        if !self.accept("(") {
            return self.above(NodeKind::Member { input, name }, offset, parts);
        }
        let function = functions::find(&name).ok_or_else(|| {
            let hint = did_you_mean(&name, functions::names());
            self.error(offset, format!("there is no function `{name}`{hint}"))
        })?;
        if function.takes_type {
            let specifier = self.type_specifier()?;
            self.expect(")")?;
            let arguments = Arguments::Type(specifier);
            return self.above(
                NodeKind::Call { input, function, arguments, pattern: Pattern::default() },
                offset,
                parts,
            );
        }
        let (arguments, deepest) = self.arguments(function, offset)?;
        let arguments = Arguments::Expressions(arguments);
        self.above(
            NodeKind::Call { input, function, arguments, pattern: Pattern::default() },
            offset,
            parts.max(deepest),
        )
    }

    fn arguments(&mut self, function: &Function, offset: usize) -> Result<(Vec<Node>, usize), SyntaxError> {
        let mut arguments = Vec::new();
        let mut deepest = 0;
        if !self.accept(")") {
            loop {
                let argument = self.expression(0)?;
                deepest = deepest.max(argument.depth);
                arguments.push(argument.node);
                if !self.accept(",") {
                    break;
                }
            }
            if !self.accept(")") {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
        if function.accepts(arguments.len()) {
            return Ok((arguments, deepest));
        }
        let (name, found) = (function.name, arguments.len());
        Err(self.error(offset, format!("{name}() takes {}, found {found}", function.arity())))
    }

    /// A type such as `Patient`, `FHIR.Patient` or `System.String`.
    fn type_specifier(&mut self) -> Result<TypeSpecifier, SyntaxError> {
        let first = self.name("the name of a type")?;
        if !self.accept(".") {
            return Ok(TypeSpecifier { namespace: None, name: first });
        }
        let name = self.name("the name of a type")?;
        Ok(TypeSpecifier { namespace: Some(first), name })
    }
}
