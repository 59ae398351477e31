use quote::quote;

use super::{Argument, At, Call, Typed, elementwise};
use crate::arithmetic::Truth;
use crate::message::Message;

/// Any shape, of which a share is dropped.
pub(crate) fn dropout(call: &mut Call<'_>) -> Typed {
    if let Argument::Number(rate) = &call.options[0] {
        let literal = syn::parse2::<syn::Lit>(rate.clone()).ok().and_then(|literal| match literal {
            syn::Lit::Float(float) => float.base10_parse::<f64>().ok(),
            _ => None,
        });
        let holds = match literal {
            Some(rate) => Truth::Known((0.0..1.0).contains(&rate)),
            None => Truth::Asked(quote!((#rate) >= 0.0 && (#rate) < 1.0)),
        };
        let message =
            Message::new(format_args!("`{}` drops a share of its input: 0 or more, and less than 1", call.name))
                .help(Message::new("write for example `rate = 0.5`"));
        call.require(holds, message, At::Option(0));
    }
    elementwise(call, "Dropout")
}
