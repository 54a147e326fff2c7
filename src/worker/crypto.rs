//! WebCrypto, as far as the Worker needs it: keyed hashes, sealing, signatures of others. No
//! cryptography of our own.

use js_sys::{Array, Object, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Crypto, CryptoKey, SubtleCrypto, WorkerGlobalScope};

use super::js::{object, settled};

/// WebCrypto refused. Why is not told: it may not be known to the caller, and nobody could act on
/// it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused;

impl From<JsValue> for Refused {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// Fills `bytes` from the cryptographic source.
pub(super) fn random(bytes: &mut [u8]) -> Result<(), Refused> {
    crypto()?.get_random_values_with_u8_array(bytes)?;
    Ok(())
}

/// A name for one request, session or the like. Without a random source it is all zeros, and
/// nothing else works either.
pub(super) fn random_id() -> String {
    let mut bytes = [0; 16];
    let _ = random(&mut bytes);
    hex::encode(bytes)
}

/// By which R2 names what it holds. It tells two files apart, and protects nothing.
pub(super) async fn md5(data: &[u8]) -> Result<Vec<u8>, Refused> {
    let hash = subtle()?.digest_with_str_and_js_u8_array("MD5", &Uint8Array::from(data));
    Ok(Uint8Array::new(&settled(hash.map(Into::into)).await?).to_vec())
}

/// A secret from which keys for several purposes are derived (HKDF).
pub(super) struct Root(CryptoKey);

impl Root {
    /// Takes the secret as it is; HKDF spreads what there is of entropy.
    pub(super) async fn import(secret: &str) -> Result<Self, Refused> {
        let bytes = Uint8Array::from(secret.as_bytes());
        let usages = texts(&["deriveKey"]);
        let imported = subtle()?.import_key_with_str("raw", &bytes, "HKDF", false, &usages);
        Ok(Self(settled(imported.map(Into::into)).await?.unchecked_into()))
    }

    /// A key to seal with.
    pub(super) async fn sealing_key(&self, purpose: &str) -> Result<SealingKey, Refused> {
        let kind = object(&[("name", "AES-GCM".into()), ("length", 256.into())])?;
        Ok(SealingKey(self.derive(purpose, &kind, &["encrypt", "decrypt"]).await?))
    }

    /// A key to make keyed hashes with.
    pub(super) async fn hashing_key(&self, purpose: &str) -> Result<HashingKey, Refused> {
        let kind =
            object(&[("name", "HMAC".into()), ("hash", "SHA-256".into()), ("length", 256.into())])?;
        Ok(HashingKey(self.derive(purpose, &kind, &["sign", "verify"]).await?))
    }

    async fn derive(
        &self,
        purpose: &str,
        kind: &Object,
        usages: &[&str],
    ) -> Result<CryptoKey, Refused> {
        let hkdf = object(&[
            ("name", "HKDF".into()),
            ("hash", "SHA-256".into()),
            ("salt", Uint8Array::from(HKDF_SALT).into()),
            ("info", Uint8Array::from(purpose.as_bytes()).into()),
        ])?;
        let derived = subtle()?.derive_key_with_object_and_object(
            &hkdf,
            &self.0,
            kind,
            false,
            &texts(usages),
        );
        Ok(settled(derived.map(Into::into)).await?.unchecked_into())
    }
}

/// HMAC with SHA-256.
#[derive(Clone)]
pub(super) struct HashingKey(CryptoKey);

impl HashingKey {
    /// 32 bytes.
    pub(super) async fn hash(&self, data: &[u8]) -> Result<Vec<u8>, Refused> {
        let hash =
            subtle()?.sign_with_str_and_js_u8_array("HMAC", &self.0, &Uint8Array::from(data));
        Ok(Uint8Array::new(&settled(hash.map(Into::into)).await?).to_vec())
    }
}

/// AES-GCM with 256 bits.
#[derive(Clone)]
pub(super) struct SealingKey(CryptoKey);

impl SealingKey {
    /// Nonce and cipher text. `context` is not in it, but opening needs the same.
    pub(super) async fn seal(&self, plain: &[u8], context: &[u8]) -> Result<Vec<u8>, Refused> {
        let mut nonce = [0; NONCE_BYTES];
        random(&mut nonce)?;
        let how = how(&nonce, context)?;
        let sealed =
            subtle()?.encrypt_with_object_and_js_u8_array(&how, &self.0, &Uint8Array::from(plain));
        let sealed = Uint8Array::new(&settled(sealed.map(Into::into)).await?).to_vec();
        Ok([&nonce[..], &sealed].concat())
    }

    /// What `seal` was given, if nobody touched it and the context is the same.
    pub(super) async fn open(&self, sealed: &[u8], context: &[u8]) -> Result<Vec<u8>, Refused> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or(Refused)?;
        let how = how(nonce, context)?;
        let plain =
            subtle()?.decrypt_with_object_and_js_u8_array(&how, &self.0, &Uint8Array::from(sealed));
        Ok(Uint8Array::new(&settled(plain.map(Into::into)).await?).to_vec())
    }
}

/// RSASSA-PKCS1-v1_5 with SHA-256, which JWT calls RS256: for signatures of others.
#[derive(Clone)]
pub(super) struct VerifyingKey(CryptoKey);

impl VerifyingKey {
    /// Modulus and exponent as JWK spells them.
    pub(super) async fn import(modulus: &str, exponent: &str) -> Result<Self, Refused> {
        let key = object(&[("kty", "RSA".into()), ("n", modulus.into()), ("e", exponent.into())])?;
        let kind = object(&[("name", RS256.into()), ("hash", "SHA-256".into())])?;
        let imported =
            subtle()?.import_key_with_object("jwk", &key, &kind, false, &texts(&["verify"]));
        Ok(Self(settled(imported.map(Into::into)).await?.unchecked_into()))
    }

    /// Whether `signature` is this key's for `data`.
    pub(super) async fn verifies(&self, data: &[u8], signature: &[u8]) -> Result<bool, Refused> {
        let (signature, data) = (Uint8Array::from(signature), Uint8Array::from(data));
        let verified = subtle()?
            .verify_with_str_and_js_u8_array_and_js_u8_array(RS256, &self.0, &signature, &data);
        Ok(settled(verified.map(Into::into)).await? == JsValue::TRUE)
    }
}

fn how(nonce: &[u8], context: &[u8]) -> Result<Object, Refused> {
    let (nonce, context) = (Uint8Array::from(nonce), Uint8Array::from(context));
    Ok(object(&[
        ("name", "AES-GCM".into()),
        ("iv", nonce.into()),
        ("additionalData", context.into()),
    ])?)
}

fn crypto() -> Result<Crypto, Refused> {
    Ok(js_sys::global().unchecked_into::<WorkerGlobalScope>().crypto()?)
}

fn subtle() -> Result<SubtleCrypto, Refused> {
    Ok(crypto()?.subtle())
}

fn texts(texts: &[&str]) -> JsValue {
    texts.iter().map(|text| JsValue::from(*text)).collect::<Array>().into()
}

const HKDF_SALT: &[u8] = b"payple-edge";
const RS256: &str = "RSASSA-PKCS1-v1_5";
const NONCE_BYTES: usize = 12;
