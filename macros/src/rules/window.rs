//! Layers whose outputs each see a window of the input.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{At, Call, Holder, Typed};
use crate::arithmetic::Truth;
use crate::message::Message;
use crate::shape::{Constant, Dim, Shape};

/// Channels of weighted sums over windows.
pub(crate) fn conv(call: &mut Call<'_>) -> Typed {
    let krate = call.krate;
    let window = Window::of_conv(call);
    let (channels, groups) = (call.sizes[0][0].clone(), call.option(4)[0].clone());
    groups_divide(call, &channels, &groups);
    let output = window.output(call, channels.clone());
    let (from, to, slide) = (call.input.ty(krate), output.ty(krate), window.ty(krate));
    let fan_in = Dim::product([&image(call)[0].quotient(&groups), &window.kernel[0], &window.kernel[1]]);
    let count = parameters(call, Dim::product([&fan_in, &channels]), &channels);
    let biases = (!has_bias(call)).then(|| quote!(, 0));
    let [groups, fan_in, channels] = [groups, fan_in, channels].map(|size| size.argument());
    Typed {
        ty: quote!(#krate::__private::Conv<T, #from, #to, #slide, #groups, #fan_in, #channels #biases>),
        output,
        holder: Holder::Field { count },
        remark: window.left_out(call),
        activation: None,
    }
}

/// Channels to which each scalar sends its share of a window.
pub(crate) fn conv_transpose(call: &mut Call<'_>) -> Typed {
    let krate = call.krate;
    let window = Window::of_conv(call);
    let (outputs, groups) = (call.sizes[0][0].clone(), call.option(4)[0].clone());
    groups_divide(call, &outputs, &groups);
    let [channels, rows, columns] = image(call);
    let [(rows, left_rows), (columns, left_columns)] =
        [(0, &rows), (1, &columns)].map(|(axis, size)| window.spread(call, axis, size));
    let left_columns = (left_columns.0.unless_not(&left_rows.0), left_columns.1);
    for (holds, message) in [left_rows, left_columns] {
        call.require(holds, message, At::Option(2));
    }
    let output = Shape::Dims(vec![outputs.clone(), rows, columns]);
    let (from, to, slide) = (call.input.ty(krate), output.ty(krate), window.ty(krate));
    let fan_out = Dim::product([&outputs.quotient(&groups), &window.kernel[0], &window.kernel[1]]);
    let count = parameters(call, Dim::product([&fan_out, &channels]), &outputs);
    let biases = if has_bias(call) { outputs } else { Dim::Literal(0) };
    let [groups, fan_out, channels, biases] = [groups, fan_out, channels, biases].map(|size| size.argument());
    Typed {
        ty: quote!(#krate::__private::ConvTranspose<T, #from, #to, #slide, #groups, #fan_out, #channels, #biases>),
        output,
        holder: Holder::Field { count },
        remark: None,
        activation: None,
    }
}

/// Whether a convolution has a bias for each channel of its output.
fn has_bias(call: &Call<'_>) -> bool {
    call.flag(5)
}

/// The number of weights and, if there are some, biases of a convolution.
fn parameters(call: &Call<'_>, weights: Dim, channels: &Dim) -> String {
    let count = if has_bias(call) { Dim::sum([&weights, channels].into_iter()) } else { Some(weights) };
    count.map_or_else(String::new, |count| count.to_string())
}

/// The greatest scalar of each window.
pub(crate) fn max_pool(call: &mut Call<'_>) -> Typed {
    pool(call, "MaxPool")
}

/// The mean of each window.
pub(crate) fn avg_pool(call: &mut Call<'_>) -> Typed {
    pool(call, "AvgPool")
}

fn pool(call: &mut Call<'_>, ty: &str) -> Typed {
    let krate = call.krate;
    let kernel = pair(&call.sizes[0], 1);
    let window = Window {
        stride: pair(call.option(0), 1),
        padding: pair(call.option(1), 0),
        dilation: [Dim::Literal(1), Dim::Literal(1)],
        kernel,
        at: At::Size(0),
        noun: "window",
    };
    window.padding_is_less_than_half(call);
    let output = window.output(call, image(call)[0].clone());
    let ty = format_ident!("{ty}");
    let (from, to, slide) = (call.input.ty(krate), output.ty(krate), window.ty(krate));
    let ty: TokenStream = quote!(#krate::__private::#ty::<#from, #to, #slide>);
    let remark = window.left_out(call);
    Typed { output, holder: Holder::Function { value: quote!(#ty::new()) }, ty, remark, activation: None }
}

/// One for rows and one for columns; a signal is an image of one row, for which the window has `alone`.
fn pair(sizes: &[Dim], alone: usize) -> [Dim; 2] {
    match sizes {
        [columns] => [Dim::Literal(alone), columns.clone()],
        [rows, columns, ..] => [rows.clone(), columns.clone()],
        [] => [Dim::Literal(alone), Dim::Literal(alone)],
    }
}

/// Channels, rows and columns of the input.
fn image(call: &Call<'_>) -> [Dim; 3] {
    if is_signal(call) {
        let [channels, columns] = call.dims();
        return [channels, Dim::Literal(1), columns];
    }
    call.dims()
}

fn is_signal(call: &Call<'_>) -> bool {
    call.layer.ends_with("1d")
}

/// The groups divide the channels of the input and of the output.
fn groups_divide(call: &mut Call<'_>, channels: &Dim, groups: &Dim) {
    let [inputs, _, _] = image(call);
    let start = || Message::new(format_args!("`{}` has ", call.name)).dim(groups).text(" groups, which do not divide ");
    let help = || {
        Message::new("write a number that divides both ")
            .dim(&inputs)
            .text(" and ")
            .dim(channels)
            .text(", or no `groups`")
    };
    let of_input =
        start().text("the ").dim(&inputs).text(format_args!(" channels of `{}`", call.input_name)).help(help());
    let of_output = start().text("its ").dim(channels).text(" channels").help(help());
    let (divides_inputs, divides_outputs) = (inputs.is_multiple_of(groups), channels.is_multiple_of(groups));
    call.require(divides_outputs.unless_not(&divides_inputs), of_output, At::Option(4));
    call.require(divides_inputs, of_input, At::Option(4));
}

/// A window over rows and columns.
struct Window {
    kernel: [Dim; 2],
    stride: [Dim; 2],
    padding: [Dim; 2],
    dilation: [Dim; 2],
    /// Where its size is written, and what it is called.
    at: At,
    noun: &'static str,
}

impl Window {
    /// That of the options of a convolution.
    fn of_conv(call: &Call<'_>) -> Self {
        Self {
            kernel: pair(call.option(0), 1),
            stride: pair(call.option(1), 1),
            padding: pair(call.option(2), 0),
            dilation: pair(call.option(3), 1),
            at: At::Option(0),
            noun: "kernel",
        }
    }

    /// The size in which the window has `size` places, padding included: what a transposed convolution makes of it; and
    /// whether anything is left of that.
    fn spread(&self, call: &Call<'_>, axis: usize, size: &Dim) -> (Dim, (Truth, Message)) {
        let (extent, padding, stride) = (self.extent(axis), &self.padding[axis], &self.stride[axis]);
        let literals = [size, stride, &extent, padding].map(Dim::literal);
        let noun = ["rows", "columns"][axis];
        let message = Message::new(format_args!("nothing is left of the {noun} of `{}`: it has ", call.name))
            .dim(size)
            .text(", its kernel covers ")
            .dim(&extent)
            .text(", and its padding takes ")
            .dim(padding)
            .text(" from each side")
            .help(Message::new("make the padding smaller, or the kernel larger"));
        if let [Some(size), Some(stride), Some(extent), Some(padding)] = literals {
            let whole = (size - 1).saturating_mul(stride).saturating_add(extent);
            let left = Dim::Literal(whole.saturating_sub(2 * padding).max(1));
            return (left, (Truth::Known(whole > 2 * padding), message));
        }
        let [size_expr, stride_expr, extent_expr, padding_expr] = [size, stride, &extent, padding].map(Dim::expression);
        let whole = quote!(((#size_expr) - 1) * (#stride_expr) + (#extent_expr));
        let is_left = Truth::Asked(quote!(#whole > 2 * (#padding_expr)));
        let krate = call.krate;
        let expr = quote!(#krate::__private::without_padding(#whole, #padding_expr));
        let text = format!("({size} - 1) * {stride} + {extent} - 2 * {padding}");
        (Dim::Const(Constant { expr, text }), (is_left, message))
    }

    /// The shape of the output.
    fn output(&self, call: &mut Call<'_>, channels: Dim) -> Shape {
        let [_, rows, columns] = image(call);
        let (of_rows, of_columns) = (self.fits(0, &rows), self.fits(1, &columns));
        let of_columns = of_columns.unless_not(&of_rows);
        call.require(of_rows, self.too_large(call, 0, &rows), self.at);
        call.require(of_columns, self.too_large(call, 1, &columns), self.at);
        let krate = call.krate;
        Shape::Dims(if is_signal(call) {
            vec![channels, self.slide(krate, 1, &columns)]
        } else {
            vec![channels, self.slide(krate, 0, &rows), self.slide(krate, 1, &columns)]
        })
    }

    /// The rows or columns from the first to the last that the window covers.
    fn extent(&self, axis: usize) -> Dim {
        let (kernel, dilation) = (&self.kernel[axis], &self.dilation[axis]);
        match (kernel.literal(), dilation.literal()) {
            (_, Some(1)) => kernel.clone(),
            (Some(kernel), Some(dilation)) => Dim::Literal((kernel - 1).saturating_mul(dilation).saturating_add(1)),
            _ => {
                let (kernel_expr, dilation_expr) = (kernel.expression(), dilation.expression());
                let expr = quote!(((#kernel_expr) - 1) * (#dilation_expr) + 1);
                Dim::Const(Constant { expr, text: format!("({kernel} - 1) * {dilation} + 1") })
            }
        }
    }

    /// The size of the input with its padding.
    fn padded(&self, axis: usize, size: &Dim) -> Dim {
        let padding = &self.padding[axis];
        match padding.literal() {
            Some(0) => size.clone(),
            _ => Dim::sum([size, padding, padding].into_iter()).unwrap_or_else(|| size.clone()),
        }
    }

    /// Whether the input is as large as the window.
    fn fits(&self, axis: usize, size: &Dim) -> Truth {
        self.extent(axis).at_most(&self.padded(axis, size))
    }

    fn too_large(&self, call: &Call<'_>, axis: usize, size: &Dim) -> Message {
        let noun = match axis {
            0 => "rows",
            _ if is_signal(call) => "scalars",
            _ => "columns",
        };
        let padded = self.padded(axis, size);
        let mut message = Message::new(format_args!("the {} of `{}` covers ", self.noun, call.name))
            .dim(&self.extent(axis))
            .text(" ");
        message = match self.dilation[axis].literal() {
            Some(1) => message.text(noun),
            _ => message.text(format_args!("{noun} from the first to the last of its ")).dim(&self.kernel[axis]),
        };
        message = message
            .text(format_args!(", but `{}` of shape ", call.input_name))
            .shape(call.input)
            .text(" has ")
            .dim(size);
        if self.padding[axis].literal() != Some(0) {
            message = message.text(", ").dim(&padded).text(" with its padding");
        }
        let help = Message::new(format_args!("make the {} smaller", self.noun));
        message.help(match (self.at, self.extent(axis).literal(), size.literal()) {
            (At::Option(_), Some(extent), Some(size)) => {
                help.text(format_args!(", or pad the input: `padding = {}`", extent.saturating_sub(size).div_ceil(2)))
            }
            _ => help,
        })
    }

    /// A window that saw nothing but padding would have no value.
    fn padding_is_less_than_half(&self, call: &mut Call<'_>) {
        let fits = |axis: usize| Dim::product([&self.padding[axis], &Dim::Literal(2)]).at_most(&self.kernel[axis]);
        let message = |axis: usize| {
            Message::new(format_args!("the padding of `{}` is ", call.name))
                .dim(&self.padding[axis])
                .text(", more than half of its window of ")
                .dim(&self.kernel[axis])
                .help(Message::new("make the window larger or the padding smaller: a window sees the input, too"))
        };
        let (of_rows, of_columns) = (fits(0), fits(1));
        let messages = [message(0), message(1)];
        let of_columns = of_columns.unless_not(&of_rows);
        for (holds, message) in [of_rows, of_columns].into_iter().zip(messages) {
            call.require(holds, message, At::Option(1));
        }
    }

    /// The number of places of the window, one after the other.
    fn slide(&self, krate: &TokenStream, axis: usize, size: &Dim) -> Dim {
        let (extent, padded, stride) = (self.extent(axis), self.padded(axis, size), &self.stride[axis]);
        if let (Some(extent), Some(padded), Some(stride)) = (extent.literal(), padded.literal(), stride.literal()) {
            return Dim::Literal(padded.saturating_sub(extent) / stride + 1);
        }
        let [padded_expr, extent_expr, stride_expr] = [&padded, &extent, stride].map(Dim::expression);
        let expr = quote!(#krate::__private::places(#padded_expr, #extent_expr, #stride_expr));
        let text = match (extent.literal(), stride.literal()) {
            (Some(1), Some(1)) => padded.to_string(),
            (Some(extent), Some(1)) => format!("{padded} - {}", extent - 1),
            _ => format!("({padded} - {extent}) / {stride} + 1"),
        };
        Dim::Const(Constant { expr, text })
    }

    /// What the stride leaves out at the end, if that is known to be anything.
    fn left_out(&self, call: &Call<'_>) -> Option<String> {
        let [_, rows, columns] = image(call);
        let along = |axis: usize, size: &Dim, noun: &str| {
            let (extent, padded) = (self.extent(axis).literal()?, self.padded(axis, size).literal()?);
            let left = (padded.saturating_sub(extent) % self.stride[axis].literal()?)
                .checked_sub(self.padding[axis].literal()?)
                .filter(|&left| left > 0)?;
            Some(format!("the last {left} of {size} {noun}"))
        };
        let noun = if is_signal(call) { "scalars" } else { "columns" };
        let parts: Vec<String> = [along(0, &rows, "rows"), along(1, &columns, noun)].into_iter().flatten().collect();
        (!parts.is_empty())
            .then(|| format!("`{}` leaves out {}: its stride goes past them", call.name, parts.join(" and ")))
    }

    /// The type that says it.
    fn ty(&self, krate: &TokenStream) -> TokenStream {
        let sizes = [&self.kernel, &self.stride, &self.padding, &self.dilation];
        let arguments = sizes.into_iter().flatten().map(Dim::argument);
        quote!(#krate::__private::Slide<#(#arguments),*>)
    }
}
