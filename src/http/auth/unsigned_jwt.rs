//! GP Connect's token: a JWT that nobody signs.

use serde_json::{Map, Value, json};

use super::claims::change;
use super::{Manner, jwt};

/// How long a token is valid unless it is configured: GP Connect wants five minutes to the second.
const LIFETIME_SECONDS: i64 = 300;

/// A JSON Web Token without a signature: algorithm `none`, the third part empty, made anew for each request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnsignedJwt {
    /// Its claims, but for `iat` and `exp`, which are made from the clock unless they are given.
    pub claims: Map<String, Value>,
}

impl UnsignedJwt {
    /// A token issued at a moment, in seconds since 1970: its text and its claims. `Err` says why it cannot be as the
    /// manner wants it.
    pub(super) fn token(&self, manner: &Manner, now: i64) -> (String, Map<String, Value>) {
        let issued = if *manner == Manner::Expired { now - 3600 } else { now };
        let mut claims = Map::new();
        claims.insert("iat".to_owned(), json!(issued));
        claims.insert("exp".to_owned(), json!(issued + LIFETIME_SECONDS));
        change(&mut claims, &self.claims);
        if let Manner::Claims(changes) = manner {
            change(&mut claims, changes);
        }
        let header = json!({"alg": "none", "typ": "JWT"});
        let signature =
            if *manner == Manner::WrongSignature { jwt::encode(b"not a signature") } else { String::new() };
        let token = format!("{}.{signature}", jwt::unsigned(&header, &Value::Object(claims.clone())));
        (token, claims)
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
        let (token, _) = claims().token(&Manner::AsConfigured, 1_000);
        let parts: Vec<&str> = token.split('.').collect();
        assert_eq!(parts.len(), 3);
        assert_eq!(parts[2], "");
        assert_eq!(jwt::decoded(parts[0]).unwrap(), json!({"alg": "none", "typ": "JWT"}));
        let expected = json!({"iat": 1000, "exp": 1300, "iss": "https://consumer", "requesting_device": {"model": "v1"}});
        assert_eq!(jwt::decoded(parts[1]).unwrap(), expected);
    }

    #[test]
    fn it_can_be_wrong_on_purpose() {
        let (_, expired) = claims().token(&Manner::Expired, 10_000);
        assert_eq!((&expired["iat"], &expired["exp"]), (&json!(6400), &json!(6700)));
        let (signed, _) = claims().token(&Manner::WrongSignature, 10_000);
        assert!(!signed.ends_with('.'));
        let changes = json!({"iss": null, "exp": 12, "requesting_device": {"model": null}});
        let (_, token) = claims().token(&Manner::Claims(changes.as_object().unwrap().clone()), 10_000);
        assert_eq!(Value::Object(token), json!({"iat": 10000, "exp": 12, "requesting_device": {}}));
    }
}
