//! Rules that are not about the shape of one value: one function a rule.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, GenericParam, Token};

use crate::arguments::{Weights, Written, options_in_order, own_type};
use crate::arithmetic::Truth;
use crate::assertion;
use crate::catalogue::{LOSSES, LossSpec, OWN_LOSS, OptionKind, OptionSpec, Turbofish, WEIGHTS};
use crate::constants::Constants;
use crate::graph::{Accuracy, Edge, Loss, Node, Op};
use crate::message::Message;
use crate::report::Errors;
use crate::resolve::{Bound, Value, ValueOp};
use crate::shape::{Dim, Shape, source};
use crate::suggest::did_you_mean;
use crate::syntax::Declaration;

/// A network has one or more inputs.
pub(crate) fn has_inputs(declaration: &Declaration, errors: &mut Errors) -> bool {
    if declaration.inputs.is_empty() && declaration.output.is_some() {
        let message = format!("`{}` has no input", declaration.name);
        errors.push(&declaration.name, message + "\n= help: name one with its shape: `(x: [784])`");
    }
    !declaration.inputs.is_empty()
}

/// The generic parameters of a network are sizes: `const D: usize`. The scalar type `T` is added by the macro.
pub(crate) fn generics_are_sizes(declaration: &Declaration, errors: &mut Errors) -> bool {
    let mut sizes = true;
    for parameter in &declaration.generics.params {
        match parameter {
            GenericParam::Const(parameter) if source(&parameter.ty) == "usize" => continue,
            GenericParam::Const(parameter) => {
                errors.push(&parameter.ty, "a const parameter of a network is a size: write `usize`");
            }
            _ => {
                let message = "a network is generic over sizes only; its scalar type `T` is added by the macro";
                errors.push(parameter, format!("{message}\n= help: write `const D: usize`"));
            }
        }
        sizes = false;
    }
    sizes
}

/// Every input and every `let` is used: what is computed for nothing is a mistake.
pub(crate) fn everything_is_used(bindings: &[Bound], errors: &mut Errors) {
    for bound in bindings.iter().filter(|bound| !bound.used) {
        let name = &bound.name;
        let message = if bound.is_input {
            format!("the input `{name}` is never used\n= help: use it in the body, or remove it from the inputs")
        } else {
            format!("the value `{name}` is never used\n= help: use it, or remove its `let`")
        };
        errors.push(name, message);
    }
}

/// `#[loss(…)]` names a loss of the language, once, with options that it has.
pub(crate) fn loss_exists<'a>(
    declaration: &'a Declaration,
    constants: &Constants,
    errors: &mut Errors,
) -> Option<(&'a Attribute, &'static LossSpec, Loss)> {
    let mut attributes = declaration.attrs.iter().filter(|attribute| attribute.path().is_ident("loss"));
    let attribute = attributes.next()?;
    if let Some(second) = attributes.next() {
        errors.push(second, "a network has one loss");
        return None;
    }
    let names = || LOSSES.iter().map(|loss| loss.name.to_owned());
    let Ok(expr) = attribute.parse_args::<Expr>() else {
        let message = "expected the name of a loss, such as `#[loss(softmax_cross_entropy)]`";
        let all: Vec<String> = names().collect();
        errors.push(attribute, format!("{message}\n= help: there are `{}`", all.join("`, `")));
        return None;
    };
    if let Some(ty) = own_type(&expr) {
        let (ty, mut value) = (ty.to_token_stream(), expr.to_token_stream());
        // A const beside the struct knows no const parameters.
        if declaration.generics.params.is_empty() {
            value = constants.formula(&ty, &value).into_token_stream();
        }
        let loss = Loss { ty, value, accuracy: Accuracy::Asked, classes: false, weights: Weights::default() };
        return Some((attribute, &OWN_LOSS, loss));
    }
    let (name, arguments) = match &expr {
        Expr::Call(call) => (source(&call.func), call.args.clone()),
        name => (source(name), Punctuated::<Expr, Token![,]>::new()),
    };
    let Some(spec) = LOSSES.iter().find(|loss| loss.name == name) else {
        errors.push(&expr, format!("there is no loss `{name}`{}", did_you_mean(&name, names())));
        return None;
    };
    let arguments: Vec<&Expr> = arguments.iter().collect();
    if let Some(wrong) = arguments.iter().find(|argument| !matches!(argument, Expr::Assign(_))) {
        let help = match spec.options.first() {
            Some(OptionSpec { name: option, kind: OptionKind::Number(default, _) }) => {
                format!("write `{name}({option} = {default:?})`")
            }
            _ => format!("write `{name}`"),
        };
        errors.push(wrong, format!("the options of a loss are named\n= help: {help}"));
        return None;
    }
    let options = options_in_order(spec.name, spec.options, &arguments, constants, errors)?;
    let mut weights = Weights::default();
    let mut value = |option: &Written<'_>| match option {
        Written::Number(number) => Some(number.clone()),
        Written::Weights(written) => {
            weights = written.clone();
            Some(written.name.as_ref().map_or_else(|| quote!(&[]), |name| quote!(#name)))
        }
        _ => None,
    };
    let options: Vec<_> = options.iter().filter_map(&mut value).collect();
    let krate = &declaration.krate;
    let ty = format_ident!("{}", spec.ty);
    let ty = quote!(#krate::__private::#ty);
    let value = if options.is_empty() { ty.clone() } else { quote!(#ty::new(#(#options),*)) };
    let accuracy = if spec.classifier { Accuracy::Yes } else { Accuracy::No };
    Some((attribute, spec, Loss { ty, value, accuracy, classes: spec.classes, weights }))
}

/// The output is something that the loss compares.
pub(crate) fn loss_fits(
    attribute: &Attribute,
    spec: &LossSpec,
    nodes: &[Option<Node>],
    output: Edge,
    errors: &mut Errors,
) {
    let Some(node) = &nodes[output.node] else { return };
    let name = spec.name;
    let at = attribute.meta.require_list().map_or_else(|_| attribute.to_token_stream(), |list| list.tokens.clone());
    let last = match &node.op {
        Op::Layer(layer) => Some(layer.kind),
        _ => None,
    };
    let shape = &node.shape;
    if spec.includes.is_some() && last == spec.includes {
        let layer = spec.includes.unwrap_or_default();
        let message = format!("`{name}` holds the {layer} already, but the body ends with `{layer}()`");
        errors.push(at, message + &format!("\n= help: end the body before `.{layer}()`: the loss takes its input"));
        return;
    }
    let Shape::Dims(dims) = shape else { return };
    if spec.classes && dims.len() > 2 {
        let message = format!(
            "`{name}` takes a vector of scores, one a class, or a sequence of them, but the output has shape {shape}"
        );
        errors.push(at, message + "\n= help: end the body with `.flatten().affine(CLASSES)`");
    } else if let (true, [.., Dim::Literal(1)]) = (spec.classes, &dims[..]) {
        let message =
            format!("`{name}` needs two classes or more, but the output has shape {shape}: its loss is always 0");
        let help =
            "for yes or no use `#[loss(binary_cross_entropy_with_logits)]`, for a number `#[loss(mean_squared_error)]`";
        errors.push(at, format!("{message}\n= help: {help}"));
    }
}

/// There is a weight for each class of the output; what only rustc can compare becomes an assertion.
pub(crate) fn a_weight_for_each_class(
    loss: &Loss,
    output: &Shape,
    krate: &TokenStream,
    errors: &mut Errors,
) -> TokenStream {
    let (Some(count), Shape::Dims(dims)) = (&loss.weights.count, output) else { return TokenStream::new() };
    let Some(classes) = dims.last() else { return TokenStream::new() };
    let at = &loss.weights.at;
    let message = Message::new(format_args!("`{WEIGHTS}` has "))
        .dim(count)
        .text(" weights, but there are ")
        .dim(classes)
        .text(" classes: the output is ")
        .shape(output)
        .help(Message::new("write one weight for each class"));
    match count.equals(classes) {
        Truth::Known(true) => TokenStream::new(),
        Truth::Asked(condition) if !output.is_generic() => assertion::constant(krate, &condition, &message, at),
        _ => {
            errors.push(at, message);
            TokenStream::new()
        }
    }
}

/// `#[no_gradient_test]` stands by itself.
pub(crate) fn gradient_test(declaration: &Declaration, errors: &mut Errors) -> bool {
    flag(declaration, NO_TEST, errors).is_none()
}

/// A training step draws random numbers where a layer does, or where `#[random]` says that a layer of another crate or
/// network does.
pub(crate) fn random(declaration: &Declaration, values: &[Value<'_>], errors: &mut Errors) -> bool {
    let layers = || {
        values.iter().filter_map(|value| match &value.op {
            ValueOp::Layer(call) => Some(call.spec),
            _ => None,
        })
    };
    let attribute = flag(declaration, RANDOM, errors);
    let drawn = layers().any(|layer| layer.random);
    let may_be = layers().any(|layer| layer.turbofish == Turbofish::Type) || values.iter().any(is_unknown);
    if let (Some(attribute), false, false) = (attribute, drawn, may_be) {
        let message = format!("nothing in `{}` is random", declaration.name);
        errors.push(attribute, message + "\n= help: remove `#[random]`, or use a layer such as `.dropout(rate = 0.5)`");
    }
    drawn || attribute.is_some()
}

fn is_unknown(value: &Value<'_>) -> bool {
    matches!(value.op, ValueOp::Unknown)
}

/// Whether an attribute is for the macro, not for the struct.
pub(crate) fn is_ours(attribute: &Attribute) -> bool {
    ["loss", NO_TEST, RANDOM].iter().any(|ours| attribute.path().is_ident(ours))
}

const NO_TEST: &str = "no_gradient_test";
const RANDOM: &str = "random";

/// An attribute that stands by itself.
fn flag<'a>(declaration: &'a Declaration, name: &str, errors: &mut Errors) -> Option<&'a Attribute> {
    let attribute = declaration.attrs.iter().find(|attribute| attribute.path().is_ident(name))?;
    if attribute.meta.require_path_only().is_err() {
        errors.push(attribute, format!("`#[{name}]` takes no arguments"));
    }
    Some(attribute)
}

/// A const parameter has a name of its own: neither that of another, nor one that generated code gives to a type.
pub(crate) fn generics_have_names(declaration: &Declaration, errors: &mut Errors) -> bool {
    let names: Vec<&Ident> = declaration.generics.const_params().map(|parameter| &parameter.ident).collect();
    let mut free = true;
    for (index, &name) in names.iter().enumerate() {
        let message = if name == "T" {
            "`T` is the scalar type of every network".to_owned()
        } else if name == "Columns" || name == "Random" {
            format!("`{name}` is a type parameter of a generated method")
        } else if names[..index].contains(&name) {
            format!("the name `{name}` is taken: there is a const parameter of that name before")
        } else {
            continue;
        };
        errors.push(name, message + "\n= help: give this parameter another name");
        free = false;
    }
    free
}

/// A value is named neither as a const parameter nor as constants are: a pattern of that name would be the constant.
pub(crate) fn names_are_variables(declaration: &Declaration, bindings: &[Bound], errors: &mut Errors) -> bool {
    let mut variables = true;
    for Bound { name, .. } in bindings {
        let text = name.unraw().to_string();
        if declaration.generics.const_params().any(|parameter| parameter.ident == *name) {
            let message = format!("the name `{name}` is taken: it is a const parameter of the network");
            errors.push(name, message + "\n= help: give each value a name of its own");
        } else if text.starts_with(char::is_uppercase) {
            let message = format!("`{name}` is named like a constant, but it is a value");
            errors.push(name, message + &format!("\n= help: write `{}`", text.to_lowercase()));
        } else {
            continue;
        }
        variables = false;
    }
    variables
}
