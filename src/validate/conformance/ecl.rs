//! The grammar of SNOMED CT's Expression Constraint Language, 2.2: whether an expression is well-formed.
//!
//! What its concepts are is not looked up. <http://snomed.org/ecl>

use crate::terminology::is_snomed_identifier;

/// How deep expressions may nest.
const MAX_DEPTH: usize = 64;
/// How many concepts may be read, those of a part that is read twice included.
const MAX_STEPS: usize = 10_000;

/// Checks an expression; in words and with its place, what is wrong with it.
pub(super) fn check(source: &str) -> Result<(), String> {
    let mut parser = Parser { source, at: 0, depth: 0, steps: 0 };
    parser.blanks()?;
    parser.expression()?;
    match parser.rest().chars().next() {
        None => Ok(()),
        Some(letter) => Err(parser.wrong(&format!("`{letter}` follows a whole expression"))),
    }
}

type Parsed = Result<(), String>;

struct Parser<'s> {
    source: &'s str,
    at: usize,
    depth: usize,
    steps: usize,
}

/// The operators before a concept; a longer one stands before its own beginning.
const CONSTRAINTS: [&str; 10] = ["!!<", "!!>", "<<!", ">>!", "<<", ">>", "<!", ">!", "<", ">"];
/// The same in the long syntax, in letters of either case.
const LONG_CONSTRAINTS: [&str; 8] = [
    "descendantOrSelfOf",
    "descendantOf",
    "childOrSelfOf",
    "childOf",
    "ancestorOrSelfOf",
    "ancestorOf",
    "parentOrSelfOf",
    "parentOf",
];
const COMPARISONS: [&str; 6] = ["!=", "<=", ">=", "=", "<", ">"];

impl<'s> Parser<'s> {
    fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    fn wrong(&self, message: &str) -> String {
        format!("{message} (at character {})", self.source[..self.at].chars().count() + 1)
    }

    /// White space and comments.
    fn blanks(&mut self) -> Parsed {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            let Some(comment) = self.rest().strip_prefix("/*") else { return Ok(()) };
            match comment.find("*/") {
                Some(end) => self.at += end + 4,
                None => return Err(self.wrong("a comment has no end")),
            }
        }
    }

    /// Takes a symbol and the blanks behind it.
    fn takes(&mut self, symbol: &str) -> Result<bool, String> {
        let found = self.rest().starts_with(symbol);
        if found {
            self.at += symbol.len();
            self.blanks()?;
        }
        Ok(found)
    }

    fn takes_one_of(&mut self, symbols: &[&str]) -> Result<bool, String> {
        for symbol in symbols {
            if self.takes(symbol)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes a word in letters of either case that is not the beginning of a longer one.
    fn takes_word(&mut self, word: &str) -> Result<bool, String> {
        let rest = self.rest();
        let found = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
            && !rest[word.len()..].starts_with(|next: char| next.is_alphanumeric());
        if found {
            self.at += word.len();
            self.blanks()?;
        }
        Ok(found)
    }

    fn takes_one_word_of(&mut self, words: &[&str]) -> Result<bool, String> {
        for word in words {
            if self.takes_word(word)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn expect(&mut self, symbol: &str) -> Parsed {
        if self.takes(symbol)? { Ok(()) } else { Err(self.wrong(&format!("`{symbol}` is missing"))) }
    }

    fn nested(&mut self, inner: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.wrong(&format!("it nests deeper than {MAX_DEPTH} levels")));
        }
        let found = inner(self);
        self.depth -= 1;
        found
    }

    /// A sub-expression; several joined by one kind of operator; with a refinement; or a path with dots.
    fn expression(&mut self) -> Parsed {
        self.sub_expression()?;
        if self.takes(":")? {
            return self.nested(Self::refinement);
        }
        if self.rest().starts_with('.') {
            while self.takes(".")? {
                self.sub_expression()?;
            }
            return Ok(());
        }
        if self.takes_word("MINUS")? {
            return self.sub_expression();
        }
        self.joined(Self::sub_expression)
    }

    /// What follows the first of several that are joined by `AND` alone or by `OR` alone.
    fn joined(&mut self, part: impl Fn(&mut Self) -> Parsed) -> Parsed {
        if self.rest().starts_with(',') || self.begins_with_word("AND") {
            while self.takes(",")? || self.takes_word("AND")? {
                part(self)?;
            }
        } else {
            while self.takes_word("OR")? {
                part(self)?;
            }
        }
        Ok(())
    }

    fn begins_with_word(&mut self, word: &str) -> bool {
        let at = self.at;
        let found = self.takes_word(word).unwrap_or(false);
        self.at = at;
        found
    }

    fn sub_expression(&mut self) -> Parsed {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Err(self.wrong("it is too long to be checked"));
        }
        if !self.takes_one_of(&CONSTRAINTS)? {
            self.takes_one_word_of(&LONG_CONSTRAINTS)?;
        }
        if (self.takes("^")? || self.takes_word("memberOf")?) && self.takes("[")? {
            let end = self.rest().find(']').ok_or_else(|| self.wrong("`]` is missing"))?;
            self.at += end;
            self.expect("]")?;
        }
        if self.takes("(")? {
            self.nested(Self::expression)?;
            self.expect(")")?;
        } else {
            self.focus_concept()?;
        }
        while self.rest().starts_with("{{") {
            self.nested(Self::filter)?;
        }
        Ok(())
    }

    /// `*`, an identifier with or without its term, or an alternate identifier (`LOINC#54486-6`).
    fn focus_concept(&mut self) -> Parsed {
        if self.takes("*")? || self.takes_word("ANY")? {
            return Ok(());
        }
        let rest = self.rest();
        let end = rest
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || "-_.#".contains(letter)))
            .unwrap_or(rest.len());
        let alternate = rest[..end].contains('#') && !rest.starts_with(|first: char| first.is_ascii_digit());
        let end = if alternate {
            end
        } else {
            rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len())
        };
        let word = &rest[..end];
        if word.is_empty() {
            return Err(self.wrong(match rest.chars().next() {
                None => "a concept is missing at its end",
                Some(_) => "a concept is expected here",
            }));
        }
        if !alternate && !is_snomed_identifier(word) {
            return Err(self.wrong(&format!("`{word}` is no SNOMED CT identifier")));
        }
        self.at += end;
        self.blanks()?;
        if self.takes("|")? {
            let end = self.rest().find('|').ok_or_else(|| self.wrong("a term has no `|` at its end"))?;
            if self.rest()[..end].trim().is_empty() {
                return Err(self.wrong("a term is empty"));
            }
            self.at += end;
            self.expect("|")?;
        }
        Ok(())
    }

    fn refinement(&mut self) -> Parsed {
        self.sub_refinement()?;
        self.joined(Self::sub_refinement)
    }

    fn sub_refinement(&mut self) -> Parsed {
        if self.is_parenthesised_refinement() {
            self.expect("(")?;
            self.nested(Self::refinement)?;
            return self.expect(")");
        }
        self.cardinality()?;
        if self.takes("{")? {
            self.nested(Self::refinement)?;
            return self.expect("}");
        }
        self.attribute()
    }

    /// `(` begins a refinement in parentheses, or the name of an attribute that is an expression; only what
    /// comes behind tells.
    fn is_parenthesised_refinement(&mut self) -> bool {
        let (at, depth) = (self.at, self.depth);
        if !self.rest().starts_with('(') {
            return false;
        }
        let is_name =
            self.sub_expression().is_ok() && COMPARISONS.iter().any(|symbol| self.rest().starts_with(symbol));
        (self.at, self.depth) = (at, depth);
        !is_name
    }

    /// `[0..*]`
    fn cardinality(&mut self) -> Parsed {
        if !self.takes("[")? {
            return Ok(());
        }
        self.digits()?;
        self.expect("..")?;
        if !self.takes("*")? {
            self.digits()?;
        }
        self.expect("]")
    }

    fn digits(&mut self) -> Parsed {
        let rest = self.rest();
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        if end == 0 {
            return Err(self.wrong("a number is expected here"));
        }
        self.at += end;
        self.blanks()
    }

    fn attribute(&mut self) -> Parsed {
        self.takes_one_word_of(&["R", "reverseOf"])?;
        self.sub_expression()?;
        if !self.takes_one_of(&COMPARISONS)? {
            return Err(self.wrong("an attribute has no comparison"));
        }
        self.value()
    }

    /// `#5`, `"term"`, several terms in parentheses, `true`, or an expression.
    fn value(&mut self) -> Parsed {
        if self.takes("#")? {
            return self.number();
        }
        if self.takes_word("true")? || self.takes_word("false")? {
            return Ok(());
        }
        for kind in ["match:", "wild:"] {
            if self.takes(kind)? {
                return self.string();
            }
        }
        if self.rest().starts_with('"') {
            return self.string();
        }
        if self.rest().starts_with('(') && self.rest()[1..].trim_start().starts_with(['"', '#', 'm', 'w']) {
            self.expect("(")?;
            while !self.takes(")")? {
                self.nested(Self::value)?;
            }
            return Ok(());
        }
        self.sub_expression()
    }

    fn number(&mut self) -> Parsed {
        self.takes_one_of(&["+", "-"])?;
        self.digits()?;
        if self.takes(".")? { self.digits() } else { Ok(()) }
    }

    fn string(&mut self) -> Parsed {
        if !self.rest().starts_with('"') {
            return Err(self.wrong("a term in quotation marks is expected here"));
        }
        let mut escaped = false;
        for (offset, letter) in self.rest().char_indices().skip(1) {
            match letter {
                '"' if !escaped => {
                    self.at += offset + 1;
                    return self.blanks();
                }
                _ => escaped = letter == '\\' && !escaped,
            }
        }
        Err(self.wrong("a term has no quotation mark at its end"))
    }

    /// `{{ D term = "heart", type = syn }}`, `{{ C active = true }}`, `{{ M mapTarget = "J45.9" }}`,
    /// `{{ + HISTORY-MIN }}`
    fn filter(&mut self) -> Parsed {
        self.expect("{{")?;
        if self.takes("+")? {
            let end = self.rest().find("}}").ok_or_else(|| self.wrong("`}}` is missing"))?;
            let supplement = self.rest()[..end].trim().to_ascii_uppercase();
            let known = supplement.strip_prefix("HISTORY").is_some_and(|rest| {
                ["", "-MIN", "-MOD", "-MAX", "_MIN", "_MOD", "_MAX"].contains(&rest)
                    || rest.trim_start().starts_with('(')
            });
            if !known {
                return Err(self.wrong("HISTORY is expected here"));
            }
            self.at += end;
            return self.expect("}}");
        }
        for kind in ["D", "C", "M"] {
            if self.takes_word(kind)? {
                break;
            }
        }
        loop {
            self.filter_part()?;
            if !self.takes(",")? {
                return self.expect("}}");
            }
        }
    }

    fn filter_part(&mut self) -> Parsed {
        self.name()?;
        if !self.takes_one_of(&COMPARISONS)? {
            return Err(self.wrong("a filter has no comparison"));
        }
        self.filter_value()
    }

    /// As of an attribute, or a word (`syn`, `prefer`), or several words in parentheses.
    fn filter_value(&mut self) -> Parsed {
        let is_word = |text: &str| {
            text.starts_with(|first: char| first.is_ascii_alphabetic())
                && !text.starts_with("match:")
                && !text.starts_with("wild:")
                && !text.split([' ', ')', ',', '}']).next().unwrap_or_default().contains('#')
        };
        // `active = 1`
        if is_word(self.rest()) || self.rest().starts_with(['0', '1']) && !self.begins_with_identifier() {
            return self.name();
        }
        if self.rest().starts_with('(') && is_word(self.rest()[1..].trim_start()) {
            self.expect("(")?;
            while !self.takes(")")? {
                self.name()?;
            }
            return Ok(());
        }
        self.value()
    }

    fn begins_with_identifier(&self) -> bool {
        self.rest().bytes().take_while(u8::is_ascii_digit).count() > 1
    }

    fn name(&mut self) -> Parsed {
        let rest = self.rest();
        let end = rest
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'))
            .unwrap_or(rest.len());
        if end == 0 {
            return Err(self.wrong("a name is expected here"));
        }
        self.at += end;
        self.blanks()
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn well_formed_expressions_pass() {
        for source in [
            "404684003",
            "< 404684003 |Clinical finding|",
            "<<! 404684003",
            "!!> (< 404684003)",
            "*",
            "^ 700043003 |a reference set|",
            "^ [referencedComponentId, mapTarget] 447562003",
            "< 404684003 : 363698007 = << 39057004",
            "<404684003:{363698007=<<39057004,116676008=<<415582006}",
            "< 404684003 : [1..3] R 127489000 = #500, [0..*] { 363698007 != * }",
            "< 404684003 OR < 64572001 OR 71388002",
            "(< 404684003 AND 64572001) MINUS ^ 700043003",
            "< 404684003, < 64572001",
            "< 404684003 . 363698007 . 116676008",
            "< 404684003 : (363698007 = * OR 116676008 = *)",
            "< 404684003 : (< 363698007) = *",
            "< 404684003 : 127489000 = \"PANADOL \\\" x\"",
            "< 404684003 {{ term = \"heart att\" }}",
            "< 404684003 {{ D term = (match:\"heart\" wild:\"*it\"), type = syn, language = en }} {{ C active = 1 }}",
            "< 404684003 {{ C definitionStatusId = 900000000000074008, effectiveTime >= \"20190731\" }}",
            "< 195967001 {{ +HISTORY-MIN }}",
            "/* a comment */ 404684003 ",
            "LOINC#54486-6",
            "descendantOf 404684003 or MemberOf 700043003 OR (DescendantOrSelfOf 64572001)",
        ] {
            assert_eq!(check(source), Ok(()), "{source}");
        }
    }

    #[test]
    fn broken_expressions_are_refused_where_they_break() {
        for (source, part) in [
            ("", "missing at its end"),
            ("404684003 << 404684003", "`<` follows a whole expression (at character 11)"),
            ("404684004", "no SNOMED CT identifier"),
            ("<< finding", "a concept is expected here (at character 4)"),
            ("(404684003", "`)` is missing"),
            ("404684003 |finding", "no `|` at its end"),
            ("404684003 AND 64572001 OR 71388002", "follows a whole expression"),
            ("404684003 : 363698007", "no comparison"),
            ("404684003 : 363698007 =", "missing at its end"),
            ("404684003 : { 363698007 = *", "`}` is missing"),
            ("404684003 {{ term \"x\" }}", "no comparison"),
            ("404684003 : [a..b] 363698007 = *", "a number is expected"),
            ("404684003 MINUS 64572001 MINUS 71388002", "follows a whole expression"),
            ("404684003 /* no end", "comment has no end"),
        ] {
            let error = check(source).unwrap_err();
            assert!(error.contains(part), "{source}: {error}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        assert!(check(&"(".repeat(100_000)).unwrap_err().contains("nests deeper"));
        for hostile in ["404684003:(", "404684003 {{ a = ", "404684003:{"] {
            assert!(check(&hostile.repeat(100_000)).is_err());
            // Each parenthesis is read ahead of: without a bound this takes longer than anybody waits.
            assert!(check(&hostile.repeat(60)).is_err());
        }
    }
}
