//! GP Connect's token: a JWT that nobody signs.

use serde_json::{Map, Value, json};

use super::claims::change;
use super::{Credentials, Manner, jwt};

/// How long a token is valid unless it is configured: GP Connect wants five minutes to the second.
const LIFETIME_SECONDS: i64 = 300;

/// A JSON Web Token without a signature: algorithm `none`, the third part empty, made anew for each request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnsignedJwt {
    /// Its claims, but for `iat` and `exp`, which are made from the clock unless they are given.
    pub claims: Map<String, Value>,
}

impl UnsignedJwt {
    /// A token issued at a moment, in seconds since 1970: its text and its claims.
    pub(super) fn token(&self, credentials: &Credentials, now: i64) -> (String, Map<String, Value>) {
        let manner = &credentials.manner;
        let issued = if *manner == Manner::Expired { now - 3600 } else { now };
        let mut claims = Map::new();
        claims.insert("iat".to_owned(), json!(issued));
        claims.insert("exp".to_owned(), json!(issued + LIFETIME_SECONDS));
        change(&mut claims, &self.claims);
        change(&mut claims, &credentials.claims);
        if let Manner::Claims(changes) = manner {
            change(&mut claims, changes);
        }
        set_times(&mut claims, now);
        let header = json!({"alg": "none", "typ": "JWT"});
        let signature =
            if *manner == Manner::WrongSignature { jwt::encode(b"not a signature") } else { String::new() };
        let token = format!("{}.{signature}", jwt::unsigned(&header, &Value::Object(claims.clone())));
        (token, claims)
    }
}

/// Sets the times that are given from another: `now-600s`, and `iat+301s` for those after the first.
fn set_times(claims: &mut Map<String, Value>, now: i64) {
    for name in ["iat", "exp", "nbf"] {
        let issued = claims.get("iat").and_then(Value::as_i64).unwrap_or(now);
        let Some(Value::String(text)) = claims.get(name) else { continue };
        let of_now = text.strip_prefix("now").map(|rest| (now, rest));
        let Some((from, rest)) = of_now.or_else(|| text.strip_prefix("iat").map(|rest| (issued, rest)))
        else {
            continue;
        };
        let seconds = rest.strip_suffix('s').and_then(|seconds| seconds.parse::<i64>().ok());
        if let Some(moment) = seconds.and_then(|seconds| from.checked_add(seconds)) {
            claims.insert(name.to_owned(), json!(moment));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> UnsignedJwt {
        let claims = json!({"iss": "https://consumer", "requesting_device": {"model": "v1"}});
        UnsignedJwt { claims: claims.as_object().unwrap().clone() }
    }

    #[test]
    fn it_has_three_parts_and_the_last_is_empty() {
        let (token, _) = claims().token(&Credentials::default(), 1_000);
        let parts: Vec<&str> = token.split('.').collect();
        assert_eq!(parts.len(), 3);
        assert_eq!(parts[2], "");
        assert_eq!(jwt::decoded(parts[0]).unwrap(), json!({"alg": "none", "typ": "JWT"}));
        let expected = json!({"iat": 1000, "exp": 1300, "iss": "https://consumer", "requesting_device": {"model": "v1"}});
        assert_eq!(jwt::decoded(parts[1]).unwrap(), expected);
    }

    #[test]
    fn it_can_be_wrong_on_purpose() {
        let (_, expired) = claims().token(&Credentials::of(Manner::Expired), 10_000);
        assert_eq!((&expired["iat"], &expired["exp"]), (&json!(6400), &json!(6700)));
        let (signed, _) = claims().token(&Credentials::of(Manner::WrongSignature), 10_000);
        assert!(!signed.ends_with('.'));
        let changes = json!({"iss": null, "exp": 12, "requesting_device": {"model": null}});
        let manner = Manner::Claims(changes.as_object().unwrap().clone());
        let (_, token) = claims().token(&Credentials::of(manner), 10_000);
        assert_eq!(Value::Object(token), json!({"iat": 10000, "exp": 12, "requesting_device": {}}));
    }

    #[test]
    fn times_are_told_from_the_moment_of_the_request() {
        let times = |changes: Value| {
            let manner = Manner::Claims(changes.as_object().unwrap().clone());
            let (_, token) = claims().token(&Credentials::of(manner), 10_000);
            (token.get("iat").and_then(Value::as_i64), token.get("exp").and_then(Value::as_i64))
        };
        assert_eq!(times(json!({"exp": "iat+301s"})), (Some(10_000), Some(10_301)));
        assert_eq!(times(json!({"iat": "now-600s", "exp": "iat+300s"})), (Some(9_400), Some(9_700)));
        assert_eq!(times(json!({"iat": null})), (None, Some(10_300)));
        assert_eq!(times(json!({"exp": "never"})), (Some(10_000), None));
    }
}
