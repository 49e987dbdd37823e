use super::Is::{Met, Not, Unknown};
use super::{R4, check};

fn risk(probability: &str) -> String {
    format!(r#"{{"resourceType":"RiskAssessment","prediction":[{probability}]}}"#)
}

#[test]
fn equality_goes_by_precision_and_order_by_the_number() {
    check(
        &R4,
        &risk(r#"{"probabilityDecimal":0.54}"#),
        &[
            ("probability=0.5", Met),
            ("probability=0.54", Met),
            ("probability=0.540", Met),
            ("probability=0.6", Not),
            ("probability=0.55", Not),
            ("probability=ne0.6", Met),
            ("probability=ne0.5", Not),
            ("probability=gt0.5", Met),
            ("probability=gt0.54", Not),
            ("probability=ge0.54", Met),
            ("probability=lt0.54", Not),
            ("probability=le0.54", Met),
            ("probability=sa0.5", Met),
            ("probability=eb0.5", Not),
            ("probability=ap0.5", Met),
            ("probability=ap0.3", Unknown),
            ("probability=5e-1", Unknown),
            ("probability=54e-2", Met),
            ("probability=half", Unknown),
            ("probability=gt99999999999999999999999999999", Unknown),
        ],
    );
    check(&R4, &risk(r#"{"probabilityDecimal":0.55}"#), &[("probability=0.5", Not)]);
    check(&R4, &risk(r#"{"probabilityDecimal":0.45}"#), &[("probability=0.5", Met)]);
}

#[test]
fn ranges() {
    let range = risk(r#"{"probabilityRange":{"low":{"value":0.4},"high":{"value":0.6}}}"#);
    check(&R4, &range, &[("probability=gt0.5", Met), ("probability=sa0.5", Not), ("probability=0.5", Not)]);
}
