//! The macro that users call, by itself: in some errors rustc writes in which line it is.

/// Declares a network: `network! { pub struct Name(x: [784]) -> [10] { … } }`.
///
/// The [crate documentation](crate#the-language) describes the language and what is generated. A mistake is a compile
/// error; the declared names exist all the same, so that the rest of the program is still checked:
///
/// ```compile_fail
/// constgrad::network! {
///     pub struct Classifier(x: [784]) -> [10] {
///         x.affine(50).relu().affine(12)
///     }
/// }
/// ```
/// ```text
/// error: `Classifier` declares the output [10], but its body computes [12]
///        = note: x [784] -> affine1 [50] -> relu1 [50] -> affine2 [12]
///        = help: declare `-> [12]`, or change the layers of the body, for example to end with `.affine(10)`
/// ```
#[macro_export]
macro_rules! network {
    ($($tokens:tt)*) => {
        $crate::__private::network! { ($crate) $($tokens)* }
    };
}
