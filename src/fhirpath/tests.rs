//! Tests of whole expressions, and the table runner that the other tests of this module use.

use proptest::prelude::*;

use super::*;
use crate::fhir::{self, Position, Tree};

const PATIENT: &str = r##"{
  "resourceType": "Patient", "id": "one", "active": true, "deceasedBoolean": false,
  "name": [
    {"use": "official", "family": "Chalmers", "given": ["Peter", "James"]},
    {"use": "usual", "given": ["Jim"]}
  ],
  "gender": "male",
  "birthDate": "1974-12-25",
  "_birthDate": {"extension": [
    {"url": "http://example.org/time", "valueDateTime": "1974-12-25T14:35:45-05:00"}
  ]},
  "multipleBirthInteger": 2,
  "maritalStatus": {"coding": [{"code": "M"}], "text": "Married"},
  "contact": [{"name": {"family": "Du Marche"}}],
  "contained": [{"resourceType": "Practitioner", "id": "gp", "name": [{"family": "Careful"}]}],
  "generalPractitioner": [{"reference": "#gp"}, {"reference": "#none"}],
  "managingOrganization": {"reference": "Organization/1"}
}"##;

fn patient() -> Tree {
    fhir::parse(PATIENT.as_bytes()).unwrap()
}

fn context<'t>() -> Context<'t> {
    Context { now: "2026-05-04T03:02:01Z".parse().unwrap(), ..Context::default() }
}

/// The items joined with commas, or `error: …` and `unavailable: …`.
fn result(source: &str) -> String {
    let tree = patient();
    let expression = Expression::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    match expression.evaluate(&context(), Item::element(tree.root(), None)) {
        Ok(items) => items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        Err(error) if error.kind == EvaluationErrorKind::Unavailable => format!("unavailable: {error}"),
        Err(error) => format!("error: {error}"),
    }
}

/// Evaluates each expression on a patient and compares the result; of an error, a part is enough.
pub(super) fn assert_results(table: &[(&str, &str)]) {
    for (source, expected) in table {
        let found = result(source);
        let matches = match expected.split_once(": ") {
            Some((kind @ ("error" | "unavailable"), part)) => found.starts_with(kind) && found.contains(part),
            _ => found == *expected,
        };
        assert!(matches, "{source}: expected {expected}, found {found}");
    }
}

#[test]
fn paths() {
    assert_results(&[
        ("name.family", "Chalmers"),
        ("Patient.name.given", "Peter, James, Jim"),
        ("Resource.id", "one"),
        ("DomainResource.name.given.first()", "Peter"),
        ("Observation.name", ""),
        ("`Patient`.`name`.family", "Chalmers"),
        ("name[0].given[1]", "James"),
        ("deceased", "false"),
        ("multipleBirth + 1", "3"),
        ("multipleBirthInteger", "2"),
        ("deceased.type().name", "boolean"),
        ("name.nothing.given", ""),
        ("{}", ""),
        ("$this.id", "one"),
        ("name.where($this.use = 'usual').given", "Jim"),
        ("(active and name.exists()).not()", "false"),
    ]);
}

#[test]
fn variables() {
    assert_results(&[
        ("%ucum", "http://unitsofmeasure.org"),
        ("%`vs-administrative-gender`", "http://hl7.org/fhir/ValueSet/administrative-gender"),
        ("%'ext-patient-birthTime'", "http://hl7.org/fhir/StructureDefinition/patient-birthTime"),
        ("%resource.id", "one"),
        ("%context.id", "one"),
        ("contained.select(%rootResource.id)", "one"),
        ("%nothing", "error: no variable %nothing"),
    ]);
}

#[test]
fn syntax_errors_have_positions_and_say_what_was_expected() {
    for (source, line, column, part) in [
        ("", 1, 1, "expected an expression, found the end"),
        ("name.", 1, 6, "expected a name or a function after the point"),
        ("name.where(use = ", 1, 18, "expected an expression"),
        ("name.where(use", 1, 15, "expected `,` or `)`"),
        ("name\n.exist()", 2, 2, "there is no function `exist`; did you mean `exists`?"),
        ("name.where()", 1, 6, "where() takes 1 argument, found 0"),
        ("name.empty(1)", 1, 6, "empty() takes no arguments, found 1"),
        ("a b", 1, 3, "expected an operator or the end of the expression, found `b`"),
        ("1 = = 2", 1, 5, "expected an expression, found `=`"),
        ("a.ofType(1)", 1, 10, "expected the name of a type"),
        ("99999999999", 1, 1, "out of range"),
        ("a.$total", 1, 3, "cannot follow a point"),
        ("(a", 1, 3, "expected `)`"),
    ] {
        let error = Expression::parse(source).unwrap_err();
        assert_eq!(error.position, Position { line, column }, "{source}: {error}");
        assert!(error.message.contains(part), "{source}: {error}");
    }
}

#[test]
fn evaluation_errors_point_at_the_part_that_failed() {
    let tree = patient();
    let expression = Expression::parse("name.exists() and\n name.given.single() = 'x'").unwrap();
    let error = expression.evaluate(&context(), Item::element(tree.root(), None)).unwrap_err();
    assert_eq!(error.position, Position { line: 2, column: 13 });
    assert_eq!(error.kind, EvaluationErrorKind::Invalid);
}

#[test]
fn conditions() {
    let tree = patient();
    let condition = |source: &str| {
        let expression = Expression::parse(source).unwrap();
        expression.evaluate_boolean(&context(), Item::element(tree.root(), None))
    };
    assert_eq!(condition("photo.single() = 1"), Ok(None));
    assert_eq!(condition("active"), Ok(Some(true)));
    assert_eq!(condition("name.first()"), Ok(Some(true)));
    assert_eq!(condition("hasValue() | (children().count() > id.count())"), Ok(Some(true)));
    assert!(condition("name").is_err());
}

#[test]
fn a_budget_ends_what_would_never_end() {
    let tree = patient();
    for source in [
        "1.repeat(iif($this < 2000000000, $this + 1, {}))",
        "(1|2|3|4|5|6|7|8|9).aggregate($total & $total & $total & $total & $total & $total, 'aaaaaaaaaaaaaaaa')",
        "descendants().select(%resource.descendants().select(%resource.descendants().select(%resource.descendants())))",
        "'aaaaaaaaaaaaaaaa'.replace('', 'aaaaaaaaaaaaaaaa').replace('', 'aaaaaaaaaaaaaaaaaaaaaaa').replace('a', 'bbbbbbbbbbbbbbbbbb').replace('', 'cccc')",
    ] {
        let expression = Expression::parse(source).unwrap();
        let context = Context { budget: 20_000, ..context() };
        let result = expression.evaluate(&context, Item::element(tree.root(), None));
        let error = result.map(|items| items.len()).unwrap_err();
        assert_eq!(error.kind, EvaluationErrorKind::Exhausted, "{source}");
    }
}

#[test]
fn deep_nesting_is_refused_and_wide_unions_are_not() {
    for source in ["(".repeat(5000), "-".repeat(5000), format!("a{}", ".b".repeat(5000)), "a(".repeat(5000)] {
        assert!(Expression::parse(&source).is_err());
    }
    let wide = vec!["name.family"; 90].join(" | ");
    assert_eq!(result(&wide), "Chalmers");
}

#[test]
fn the_deepest_expressions_fit_on_a_small_stack() {
    let chain = format!("name{}", ".first()".repeat(parser::MAX_DEPTH - 4));
    let nested = "iif(true, ".repeat(parser::MAX_DEPTH / 4) + "1" + &")".repeat(parser::MAX_DEPTH / 4);
    let signs = "-".repeat(parser::MAX_DEPTH / 4) + "1";
    let evaluated = std::thread::Builder::new()
        .stack_size(1 << 20)
        .spawn(move || (result(&(chain + ".family")), result(&nested), result(&signs)));
    let expected = ("Chalmers".to_owned(), "1".to_owned(), "1".to_owned());
    assert_eq!(evaluated.unwrap().join().unwrap(), expected);
}

/// Knows one choice element, and that an XML attribute can be a boolean or a date.
struct ObservationModel;

/// Children as an instance writes them, with their names and types.
struct Rows(&'static [(&'static str, &'static str, &'static str)]);

impl ChildTypes for Rows {
    fn child(&self, literal_name: &str) -> Option<ChildType<'_>> {
        let (_, name, type_name) = self.0.iter().find(|row| row.0 == literal_name)?;
        Some(ChildType { name, type_name })
    }
}

impl Model for ObservationModel {
    fn children(&self, parent_type: &str) -> Option<&dyn ChildTypes> {
        Some(match parent_type {
            "Observation" => &Rows(&[
                ("valueQuantity", "value", "Quantity"),
                ("effectiveDateTime", "effective", "dateTime"),
                ("component", "component", "Observation.component"),
            ]),
            "Observation.component" => &Rows(&[("valueBoolean", "value", "boolean")]),
            "Quantity" => &Rows(&[("value", "value", "decimal")]),
            _ => return None,
        })
    }

    fn is_subtype(&self, type_name: &str, ancestor: &str) -> bool {
        type_name == "Observation" && ["DomainResource", "Resource"].contains(&ancestor)
    }

    fn is_type(&self, name: &str) -> bool {
        ["Observation", "Quantity", "Patient", "boolean", "dateTime"].contains(&name)
    }
}

#[test]
fn a_model_tells_types_where_xml_does_not() {
    let tree = fhir::parse(
        br#"<Observation xmlns="http://hl7.org/fhir">
          <effectiveDateTime value="2020-03"/>
          <valueQuantity><value value="1.50"/><system value="http://unitsofmeasure.org"/><code value="g"/></valueQuantity>
          <component><valueBoolean value="true"/></component>
        </Observation>"#,
    )
    .unwrap();
    let context = Context { strict: true, ..Context::new(&ObservationModel) };
    for (source, expected) in [
        ("value = 1500 'mg'", "true"),
        ("value.value + 1", "2.50"),
        ("valueQuantity.exists()", "false"),
        ("value is Quantity and Observation is DomainResource", "true"),
        ("(value as Quantity).value", "1.50"),
        ("value.ofType(boolean)", ""),
        ("component.value = true", "true"),
        ("component.type().name", "BackboneElement"),
        ("effective < @2020-04-01", "true"),
        ("effective = @2020-03-01", ""),
        ("effective is Patient", "false"),
        ("effective is Patien", "there is no type Patien at 1:11"),
        ("(value | component) as Quantity", "the left operand of `as` must be one item, found 2 at 1:21"),
    ] {
        let expression = Expression::parse(source).unwrap();
        let found = match expression.evaluate(&context, Item::element(tree.root(), None)) {
            Ok(items) => items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected, "{source}");
    }
}

#[test]
fn what_the_resource_holds_is_gone_through_once() {
    assert_results(&[("name.select(%resource.gender & %resource.id)", "maleone, maleone")]);
    let tree = patient();
    let expression = Expression::parse("descendants().where(id in %resource.descendants().id).id").unwrap();
    let context = Context { budget: 800, ..context() };
    let found = expression.evaluate(&context, Item::element(tree.root(), None)).unwrap();
    assert_eq!(found.len(), 1, "once for each of some forty elements is more than the budget");
}

#[test]
fn traces_reach_the_sink() {
    let tree = patient();
    let seen = std::sync::Mutex::new(Vec::new());
    let sink = |name: &str, items: &[Item<'_>]| seen.lock().unwrap().push(format!("{name} {}", items.len()));
    let context = Context { trace: Some(&sink), ..context() };
    let expression =
        Expression::parse("name.trace('names').given.trace('initials', substring(0, 1))").unwrap();
    expression.evaluate(&context, Item::element(tree.root(), None)).unwrap();
    assert_eq!(*seen.lock().unwrap(), ["names 2", "initials 3"]);
}

#[test]
fn expressions_are_shared_between_threads() {
    fn is_shared<T: Send + Sync + Clone>() {}
    is_shared::<Expression>();
}

fn sources() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[a-z]{1,6}",
        "[0-9]{1,4}(\\.[0-9]{1,3})?",
        Just("'it\\'s \\\\ \\u0041'".to_owned()),
        Just("`odd name`".to_owned()),
        Just("@2020-02".to_owned()),
        Just("@2020T".to_owned()),
        Just("@2020-02-03T10:00:00.5+01:00".to_owned()),
        Just("@T10:30".to_owned()),
        Just("4 days".to_owned()),
        Just("79228162514264337593543950335.0 years".to_owned()),
        Just("7922816251426433759354395033.5".to_owned()),
        Just("0.0000000000000000000000000001".to_owned()),
        Just("2147483647".to_owned()),
        Just("@9999-12-31".to_owned()),
        Just("name.given".to_owned()),
        Just("1.50 'mg/dL'".to_owned()),
        Just("{}".to_owned()),
        Just("$this".to_owned()),
        Just("%resource".to_owned()),
        Just("true".to_owned()),
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        let operator = prop::sample::select(vec![
            "and", "or", "xor", "implies", "in", "contains", "=", "!=", "~", "!~", "<", "<=", ">", ">=", "|",
            "+", "-", "&", "*", "/", "div", "mod",
        ]);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
            (inner.clone(), "[a-z]{1,5}").prop_map(|(a, b)| format!("({a}).{b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}).where({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a})[{b}]")),
            (inner.clone(), prop::sample::select(functions::names().collect::<Vec<_>>()), inner.clone())
                .prop_map(|(a, function, b)| format!("({a}).{function}({b})")),
            (inner.clone(), prop::sample::select(functions::names().collect::<Vec<_>>()))
                .prop_map(|(a, function)| format!("({a}).{function}()")),
            inner.clone().prop_map(|a| format!("-({a})")),
            inner.clone().prop_map(|a| format!("({a} is System.String)")),
            inner.prop_map(|a| format!("({a}).ofType(FHIR.Patient)")),
        ]
    })
}

#[test]
fn patterns_that_are_made_while_it_runs_are_taken_off_the_budget() {
    let tree = patient();
    let expression =
        Expression::parse("name.given.select('aaa'.matches('(a{1,200}){1,20}b' & $this))").unwrap();
    let mut context = context();
    assert!(expression.evaluate(&context, Item::element(tree.root(), None)).is_ok());
    context.budget = 30_000;
    let error = expression.evaluate(&context, Item::element(tree.root(), None)).unwrap_err();
    assert_eq!(error.kind, EvaluationErrorKind::Exhausted);
}

#[test]
fn what_may_nest_may_nest_when_it_is_printed() {
    let long = [
        format!("{}1", "+".repeat(60)),
        vec!["a"; 150].join(" and "),
        format!("{}a{}", "(".repeat(60), " = b)".repeat(60)),
        "a - (b - -c) * d is Integer or e".to_owned(),
    ];
    for source in long {
        let expression = Expression::parse(&source).unwrap();
        assert_eq!(Expression::parse(&expression.normal_form()).as_ref(), Ok(&expression), "{source}");
    }
    let kept = "a - (b - -c) * d is Integer or (e | f).g";
    assert_eq!(Expression::parse(kept).unwrap().normal_form(), kept);
}

proptest! {
    #[test]
    fn the_parser_never_panics(source in ".{0,200}") {
        let _ = Expression::parse(&source);
    }

    #[test]
    fn nor_on_text_that_looks_like_an_expression(
        parts in prop::collection::vec(prop::sample::select(vec![
            "a", ".", "(", ")", "[", "]", "{", "}", "where", "'", "`", "\\", "@", "T", "2020-", "%", "$this", "1", "é",
            " is ", " and ", "-", "|", "/*", "//", ",", "ofType",
        ]), 0..60)
    ) {
        let _ = Expression::parse(&parts.concat());
    }

    #[test]
    fn evaluation_never_panics(source in sources()) {
        let tree = patient();
        if let Ok(expression) = Expression::parse(&source) {
            let _ = expression.evaluate(&context(), Item::element(tree.root(), None));
        }
    }

    #[test]
    fn what_is_printed_parses_back_to_the_same(source in sources()) {
        if let Ok(expression) = Expression::parse(&source) {
            let printed = expression.normal_form();
            let again = Expression::parse(&printed);
            prop_assert_eq!(again.as_ref(), Ok(&expression), "{}", printed);
        }
    }
}
