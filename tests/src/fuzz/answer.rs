//! Answers of a hostile guest.

use std::sync::{Arc, OnceLock};

use tenterhook::hooks::codec::{Answer, Encoder};
use tenterhook::hooks::schema::Declaration;

use crate::points;

/// Most bytes of an answer here.
const LIMIT: usize = 64 * 1024;

/// The hook points, each with encoded sample arguments.
fn points() -> &'static [(Arc<Declaration>, Vec<u8>)] {
    static POINTS: OnceLock<Vec<(Arc<Declaration>, Vec<u8>)>> = OnceLock::new();
    POINTS.get_or_init(|| points::all().into_iter().map(|of| (Arc::clone(&of), sample(&of))).collect())
}

fn sample(of: &Declaration) -> Vec<u8> {
    let values = of.arguments_from_json(&points::sample(of)).unwrap();
    let mut encoder = Encoder::new();
    of.encode_values(&values, &mut encoder);
    encoder.finish(of, 1 << 20).unwrap().to_vec()
}

/// The first byte chooses the hook point, the rest is its answer.
pub fn run(bytes: &[u8]) {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let points = points();
    let (of, given) = &points[usize::from(*choice) % points.len()];
    match Answer::read(of, bytes, given, LIMIT) {
        Ok(answer) => {
            // What is accepted is of the declared types, and can be shown.
            for (position, result) in of.results.iter().enumerate() {
                assert!(answer.result(position).is_none_or(|value| value.fits(&result.ty)), "{}", result.name);
            }
            for (position, argument) in of.arguments.iter().enumerate() {
                assert!(argument.inout || answer.change(position).is_none(), "{} is no inout argument", argument.name);
            }
            assert!(of.answer_to_json(&answer).is_object());
            // It is read the same again: as text, as a NaN equals nothing.
            let again = Answer::read(of, bytes, given, LIMIT);
            assert_eq!(format!("{again:?}"), format!("{:?}", Ok::<_, ()>(&answer)));
        }
        Err(error) => assert!(error.path.starts_with("result") && !error.reason.is_empty(), "{error}"),
    }
    // A limit that it is over is never a larger answer.
    let _ = Answer::read(of, bytes, given, bytes.len() / 2);
}
