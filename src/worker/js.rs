//! Objects that the platform hands over. What a binding is, shows when it is called.

use js_sys::{Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;
use web_sys::Request;

#[wasm_bindgen]
extern "C" {
    /// Whatever it is: one without the method fails when that is called.
    #[derive(Clone)]
    pub(super) type Unknown;

    #[wasm_bindgen(method, catch)]
    pub(super) fn fetch(this: &Unknown, request: &Request) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = arrayBuffer)]
    pub(super) fn array_buffer(this: &Unknown) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn transfer(this: &Unknown, bytes: u32) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn get(this: &Unknown, name: &str, options: &Object) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn put(
        this: &Unknown,
        name: &str,
        value: &Uint8Array,
        options: &Object,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getByName)]
    pub(super) fn get_by_name(
        this: &Unknown,
        name: &str,
        options: &Object,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getIdentity)]
    pub(super) fn get_identity(this: &Unknown) -> Result<JsValue, JsValue>;
}

/// What a promise, if it is one, comes to.
pub(super) async fn settled(promised: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&promised?)).await
}

/// A value as JSON; `None` for what has none, such as `undefined` or a function.
pub(super) fn to_json(value: &JsValue) -> Option<String> {
    js_sys::JSON::stringify(value).ok()?.as_string()
}

/// An object literal.
pub(super) fn object(fields: &[(&str, JsValue)]) -> Result<Object, JsValue> {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object)
}
