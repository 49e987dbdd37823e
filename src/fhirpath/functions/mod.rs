//! Functions (FHIRPath 2.0.0, section 5, and FHIR R4, section 2.9.1.4), one family a file.

#![expect(clippy::unnecessary_wraps, reason = "every function has the signature of the table")]

mod aggregate;
mod call;
mod combining;
mod conversion;
mod existence;
mod fhir;
mod filtering;
mod math;
mod narrative;
mod narrative_flaw;
mod navigation;
mod plain_narrative;
mod precision;
mod references;
mod strings;
mod subsetting;
mod terminology;
mod test;
mod text_codes;
mod types;
mod utility;

use std::fmt::{self, Debug, Formatter};

use super::evaluate::Outcome;
use super::item::Collection;

pub use narrative_flaw::NarrativeFlaw;

pub(super) use call::Call;
pub(super) use references::refers_to;
pub(super) use test::Test;

/// One function: its name, what it takes, and what it does.
pub(super) struct Function {
    pub(super) name: &'static str,
    least: usize,
    most: usize,
    /// Its argument is the name of a type, not an expression.
    pub(super) takes_type: bool,
    pub(super) body: Body,
}

/// What a function does.
#[derive(Clone, Copy)]
pub(super) enum Body {
    /// It gives items.
    Items(Items),
    /// It gives yes, no or nothing.
    Truth(for<'c, 't> fn(&Test<'c, 't>) -> Outcome<Option<bool>>),
}

type Items = for<'c, 't> fn(&Call<'c, 't>) -> Outcome<Collection<'t>>;

const fn function(name: &'static str, least: usize, most: usize, body: Items) -> Function {
    Function { name, least, most, takes_type: false, body: Body::Items(body) }
}

const fn type_function(name: &'static str, body: Items) -> Function {
    Function { name, least: 1, most: 1, takes_type: true, body: Body::Items(body) }
}

const fn test(
    name: &'static str,
    least: usize,
    most: usize,
    body: for<'c, 't> fn(&Test<'c, 't>) -> Outcome<Option<bool>>,
) -> Function {
    Function { name, least, most, takes_type: false, body: Body::Truth(body) }
}

const UNBOUNDED: usize = usize::MAX;

/// Every function, by family.
static FUNCTIONS: &[Function] = &[
    // existence (5.1)
    test("empty", 0, 0, existence::empty),
    test("exists", 0, 1, existence::exists),
    test("all", 1, 1, existence::all),
    function("allTrue", 0, 0, existence::all_true),
    function("anyTrue", 0, 0, existence::any_true),
    function("allFalse", 0, 0, existence::all_false),
    function("anyFalse", 0, 0, existence::any_false),
    function("subsetOf", 1, 1, existence::subset_of),
    function("supersetOf", 1, 1, existence::superset_of),
    function("count", 0, 0, existence::count),
    function("distinct", 0, 0, existence::distinct),
    function("isDistinct", 0, 0, existence::is_distinct),
    test("not", 0, 0, existence::not),
    // filtering and projection (5.2)
    function("where", 1, 1, filtering::where_),
    function("select", 1, 1, filtering::select),
    function("repeat", 1, 1, filtering::repeat),
    function("sort", 0, UNBOUNDED, filtering::sort),
    type_function("ofType", types::of_type),
    // subsetting (5.3)
    function("single", 0, 0, subsetting::single),
    function("first", 0, 0, subsetting::first),
    function("last", 0, 0, subsetting::last),
    function("tail", 0, 0, subsetting::tail),
    function("skip", 1, 1, subsetting::skip),
    function("take", 1, 1, subsetting::take),
    function("intersect", 1, 1, subsetting::intersect),
    function("exclude", 1, 1, subsetting::exclude),
    // combining (5.4)
    function("union", 1, 1, combining::union),
    function("combine", 1, 1, combining::combine),
    // conversion (5.5)
    function("iif", 2, 3, utility::iif),
    function("toBoolean", 0, 0, conversion::to_boolean),
    function("convertsToBoolean", 0, 0, conversion::converts_to_boolean),
    function("toInteger", 0, 0, conversion::to_integer),
    function("convertsToInteger", 0, 0, conversion::converts_to_integer),
    function("toDate", 0, 0, conversion::to_date),
    function("convertsToDate", 0, 0, conversion::converts_to_date),
    function("toDateTime", 0, 0, conversion::to_date_time),
    function("convertsToDateTime", 0, 0, conversion::converts_to_date_time),
    function("toDecimal", 0, 0, conversion::to_decimal),
    function("convertsToDecimal", 0, 0, conversion::converts_to_decimal),
    function("toQuantity", 0, 1, conversion::to_quantity),
    function("convertsToQuantity", 0, 1, conversion::converts_to_quantity),
    function("toString", 0, 0, conversion::to_string),
    function("convertsToString", 0, 0, conversion::converts_to_string),
    function("toTime", 0, 0, conversion::to_time),
    function("convertsToTime", 0, 0, conversion::converts_to_time),
    // strings (5.6)
    function("indexOf", 1, 1, strings::index_of),
    function("lastIndexOf", 1, 1, strings::last_index_of),
    function("substring", 1, 2, strings::substring),
    function("startsWith", 1, 1, strings::starts_with),
    function("endsWith", 1, 1, strings::ends_with),
    function("contains", 1, 1, strings::contains),
    function("upper", 0, 0, strings::upper),
    function("lower", 0, 0, strings::lower),
    function("replace", 2, 2, strings::replace),
    function("matches", 1, 1, strings::matches),
    function("matchesFull", 1, 1, strings::matches_full),
    function("replaceMatches", 2, 2, strings::replace_matches),
    function("length", 0, 0, strings::length),
    function("toChars", 0, 0, strings::to_chars),
    function("trim", 0, 0, strings::trim),
    function("split", 1, 1, strings::split),
    function("join", 0, 1, strings::join),
    function("encode", 1, 1, text_codes::encode),
    function("decode", 1, 1, text_codes::decode),
    function("escape", 1, 1, text_codes::escape),
    function("unescape", 1, 1, text_codes::unescape),
    // math (5.7)
    function("abs", 0, 0, math::abs),
    function("ceiling", 0, 0, math::ceiling),
    function("exp", 0, 0, math::exp),
    function("floor", 0, 0, math::floor),
    function("ln", 0, 0, math::ln),
    function("log", 1, 1, math::log),
    function("power", 1, 1, math::power),
    function("round", 0, 1, math::round),
    function("sqrt", 0, 0, math::sqrt),
    function("truncate", 0, 0, math::truncate),
    // tree navigation (5.8)
    function("children", 0, 0, navigation::children),
    function("descendants", 0, 0, navigation::descendants),
    // utility (5.9)
    function("trace", 1, 2, utility::trace),
    function("now", 0, 0, utility::now),
    function("today", 0, 0, utility::today),
    function("timeOfDay", 0, 0, utility::time_of_day),
    function("lowBoundary", 0, 1, precision::low_boundary),
    function("highBoundary", 0, 1, precision::high_boundary),
    function("precision", 0, 0, precision::precision),
    function("comparable", 1, 1, precision::comparable),
    // types (6.3, 10.2)
    type_function("is", types::is),
    type_function("as", types::as_),
    function("type", 0, 0, types::type_),
    // aggregates (7)
    function("aggregate", 1, 2, aggregate::aggregate),
    function("sum", 0, 0, aggregate::sum),
    function("min", 0, 0, aggregate::min),
    function("max", 0, 0, aggregate::max),
    function("avg", 0, 0, aggregate::avg),
    // FHIR
    function("extension", 1, 1, fhir::extension),
    // R4's search parameter item-subject uses it, though nothing defines it
    function("hasExtension", 1, 1, fhir::has_extension),
    function("hasValue", 0, 0, fhir::has_value),
    function("getValue", 0, 0, fhir::get_value),
    function("resolve", 0, 0, references::resolve),
    function("elementDefinition", 0, 0, fhir::element_definition),
    function("slice", 2, 2, fhir::slice),
    function("checkModifiers", 0, UNBOUNDED, fhir::check_modifiers),
    function("conformsTo", 1, 1, fhir::conforms_to),
    function("memberOf", 1, 1, terminology::member_of),
    function("subsumes", 1, 1, terminology::subsumes),
    function("subsumedBy", 1, 1, terminology::subsumed_by),
    function("htmlChecks", 0, 0, narrative::html_checks),
    // STU3 writes it in lower case
    function("htmlchecks", 0, 0, narrative::html_checks),
];

/// The function of a name.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// The names of all functions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|function| function.name)
}

impl Function {
    /// Whether it can be called with so many arguments.
    pub(super) fn accepts(&self, arguments: usize) -> bool {
        (self.least..=self.most).contains(&arguments)
    }

    /// How many arguments it takes, in words.
    pub(super) fn arity(&self) -> String {
        let noun = |count| if count == 1 { "argument" } else { "arguments" };
        match (self.least, self.most) {
            (0, 0) => "no arguments".into(),
            (least, UNBOUNDED) => format!("at least {least} {}", noun(least)),
            (least, most) if least == most => format!("{least} {}", noun(least)),
            (least, most) => format!("{least} to {most} {}", noun(most)),
        }
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Debug for Function {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}()", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut seen = std::collections::HashSet::new();
        assert!(names().all(|name| seen.insert(name)));
    }
}
