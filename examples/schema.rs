//! Prints the schemas of all shapes that users meet, as JSON. `npm run schema` writes them where
//! they are used.

#[allow(clippy::print_stdout, reason = "this is what it is for")]
fn main() {
    println!("{}", serde_json::Value::Object(payple_edge::schema::schemas()));
}
