//! The grammar of UCUM codes, case sensitive (UCUM, sections 2.1 and 2.2).

use super::atoms::is_unit;

/// The longest code that is read, and how deep its parentheses may nest.
const MAX_LENGTH: usize = 200;
const MAX_DEPTH: usize = 16;

/// Whether a code is well-formed and made of units that UCUM knows.
#[must_use]
pub fn is_valid(code: &str) -> bool {
    if is_unit(code) {
        return true;
    }
    if code.is_empty() || code.len() > MAX_LENGTH || !code.bytes().all(|byte| byte.is_ascii_graphic()) {
        return false;
    }
    let mut reader = Reader { rest: code };
    reader.take('/');
    reader.term(0) && reader.rest.is_empty()
}

/// The first annotation of a code, `{hg}` of `mm[Hg]{hg}`: a remark that has no meaning for UCUM. A code that is
/// nothing but an annotation, `{score}`, is the customary unit of what has none, and is not counted.
#[must_use]
pub fn annotation(code: &str) -> Option<&str> {
    let (unit, rest) = code.split_once('{')?;
    let (remark, _) = rest.split_once('}')?;
    let is_remark = unit.ends_with(|last: char| !matches!(last, '/' | '.'));
    is_remark.then_some(remark)
}

struct Reader<'c> {
    rest: &'c str,
}

impl Reader<'_> {
    fn take(&mut self, wanted: char) -> bool {
        let found = self.rest.strip_prefix(wanted);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    /// Components between points and strokes.
    fn term(&mut self, depth: usize) -> bool {
        depth <= MAX_DEPTH && {
            let mut found = self.component(depth);
            while found && (self.take('.') || self.take('/')) {
                found = self.component(depth);
            }
            found
        }
    }

    /// A unit with its exponent, a number, a term in parentheses; each with or as an annotation.
    fn component(&mut self, depth: usize) -> bool {
        if self.take('(') {
            return self.term(depth + 1) && self.take(')') && self.annotation() != Some(false);
        }
        match self.annotation() {
            Some(well_formed) => well_formed,
            None => self.unit() && self.annotation() != Some(false),
        }
    }

    /// Reads an annotation if there is one; `Some(false)` where it does not end.
    fn annotation(&mut self) -> Option<bool> {
        if !self.take('{') {
            return None;
        }
        let Some((remark, rest)) = self.rest.split_once('}') else { return Some(false) };
        self.rest = rest;
        Some(!remark.contains('{'))
    }

    fn unit(&mut self) -> bool {
        let mut in_brackets = false;
        let end = self.rest.find(|next: char| match next {
            '[' => {
                in_brackets = true;
                false
            }
            ']' => {
                in_brackets = false;
                false
            }
            '.' | '/' | '(' | ')' | '{' | '}' => !in_brackets,
            _ => false,
        });
        let (symbol, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        is_unit(symbol) || is_number(symbol) || is_unit(without_exponent(symbol))
    }
}

fn is_number(symbol: &str) -> bool {
    !symbol.is_empty() && symbol.bytes().all(|byte| byte.is_ascii_digit())
}

fn without_exponent(symbol: &str) -> &str {
    let base = symbol.trim_end_matches(|last: char| last.is_ascii_digit());
    if base.len() == symbol.len() { symbol } else { base.strip_suffix(['+', '-']).unwrap_or(base) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_clinical_data_are_valid() {
        let valid = "mg/dL mm[Hg] kg/m2 10*9/L 10*3/uL {score} /min {beats}/min mmol/L % Cel [degF] mL/min/{1.73_m2} \
            ug/kg/(8.h) [iU]/L m[H2O] B[10.nV] g.m/s2 U/L 1 10*-6.m [in_i'H2O] umol/mmol{creat} 24.h meq/L L/min dm3 \
            (g/dL)2{x} a_j ' [arb'U]/mL [m/s2/Hz^(1/2)] KiBy";
        for code in valid.split_ascii_whitespace() {
            let expected = code != "(g/dL)2{x}";
            assert_eq!(is_valid(code), expected, "{code}");
        }
    }

    #[test]
    fn what_is_no_unit_is_not() {
        for code in [
            "fmm[Hg]", "tbl", "21612-7", "mmHg", "", "mg/", "mg//dL", "kg m", "{open", "mcg", "(g", "[Hg",
            "years", "°C",
        ] {
            assert!(!is_valid(code), "{code}");
        }
    }

    #[test]
    fn annotations_are_seen() {
        assert_eq!(annotation("mm[Hg]{hg}"), Some("hg"));
        assert_eq!(annotation("mg{creat}/dL"), Some("creat"));
        assert_eq!(annotation("{score}"), None);
        assert_eq!(annotation("mL/min/{1.73_m2}"), None);
    }

    #[test]
    fn depth_is_bounded() {
        assert!(!is_valid(&"(".repeat(180)));
    }
}
