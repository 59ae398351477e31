//! Draws a computational graph as the book does: a circle an operation, an arrow a value, the value above its arrow and
//! the gradient of the result below it.

use std::fmt::Write;

const COLUMN: f64 = 170.0;
const ROW: f64 = 72.0;
const RADIUS: f64 = 20.0;
/// How far an arrow runs level, with its two numbers, before it turns to its target.
const LEVEL: f64 = 104.0;
/// Between names, arrows and circles.
const GAP: f64 = 8.0;
const NAME_WIDTH: f64 = 90.0;

const INK: &str = "#1f2933";
const RED: &str = "#c0392b";

/// A graph of scalars, computed while it is built; it differentiates its last value by the textbook's two rules.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
}

/// A value of a [`Graph`].
#[derive(Clone, Copy, Debug)]
pub struct Value(usize);

#[derive(Clone, Debug)]
struct Node {
    value: f64,
    source: Source,
}

#[derive(Clone, Copy, Debug)]
enum Source {
    Input(&'static str),
    Sum([usize; 2]),
    Product([usize; 2]),
}

/// Where a node is drawn: operations right of all that they use.
#[derive(Clone, Copy, Debug)]
struct Place {
    column: f64,
    row: f64,
}

impl Graph {
    /// A value that is given.
    pub fn input(&mut self, name: &'static str, value: f64) -> Value {
        self.push(value, Source::Input(name))
    }

    /// `a + b`.
    pub fn add(&mut self, a: Value, b: Value) -> Value {
        self.push(self.nodes[a.0].value + self.nodes[b.0].value, Source::Sum([a.0, b.0]))
    }

    /// `a · b`.
    pub fn multiply(&mut self, a: Value, b: Value) -> Value {
        self.push(self.nodes[a.0].value * self.nodes[b.0].value, Source::Product([a.0, b.0]))
    }

    /// The last value.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn result(&self) -> f64 {
        self.nodes.last().expect("a graph has values").value
    }

    /// The gradients of the last value by the inputs, in order.
    #[must_use]
    pub fn input_gradients(&self) -> Vec<f64> {
        let gradients = self.gradients();
        let inputs = self.nodes.iter().zip(gradients).filter(|(node, _)| matches!(node.source, Source::Input(_)));
        inputs.map(|(_, gradient)| gradient).collect()
    }

    /// The drawing as SVG, with the name of the last value.
    ///
    /// # Panics
    /// If the last value is not an operation's.
    #[must_use]
    pub fn draw(&self, result: &str) -> String {
        let places = self.places();
        let last = *places.last().expect("a graph has values");
        assert!(last.column > 0.0, "the last value of a graph is that of an operation");
        let rows = places.iter().map(|place| place.row).fold(0.0, f64::max);
        let (width, height) = (last.x() + RADIUS + LEVEL + NAME_WIDTH, (rows + 1.0) * ROW);
        let mut svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="sans-serif" font-size="16">
<marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 1 10 5 0 9z" fill="{INK}"/></marker>
<rect width="{width}" height="{height}" fill="white"/>
"#
        );
        for (node, &place) in self.nodes.iter().zip(&places) {
            match node.source {
                Source::Input(name) => svg += &text(place.x(), place.y() + 5.0, "end", INK, name),
                Source::Sum(_) => svg += &circle(place, "+"),
                Source::Product(_) => svg += &circle(place, "×"),
            }
        }
        for ((node, &place), gradient) in self.nodes.iter().zip(&places).zip(self.gradients()) {
            for (from, derivative) in self.uses(node) {
                svg += &arrow(places[from], place, self.nodes[from].value, gradient * derivative);
            }
        }
        svg += &result_arrow(last, self.result(), result);
        svg + "</svg>\n"
    }

    fn push(&mut self, value: f64, source: Source) -> Value {
        self.nodes.push(Node { value, source });
        Value(self.nodes.len() - 1)
    }

    /// The gradients of the last value by all values.
    fn gradients(&self) -> Vec<f64> {
        let mut gradients = vec![0.0; self.nodes.len()];
        gradients[self.nodes.len() - 1] = 1.0;
        for (to, node) in self.nodes.iter().enumerate().rev() {
            for (from, derivative) in self.uses(node) {
                gradients[from] += gradients[to] * derivative;
            }
        }
        gradients
    }

    /// The values that `node` uses, and its derivatives by them.
    fn uses(&self, node: &Node) -> Vec<(usize, f64)> {
        match node.source {
            Source::Input(_) => Vec::new(),
            Source::Sum([a, b]) => vec![(a, 1.0), (b, 1.0)],
            Source::Product([a, b]) => vec![(a, self.nodes[b].value), (b, self.nodes[a].value)],
        }
    }

    /// Inputs in the first column, a row each; an operation level with the operations that it uses, else its inputs.
    fn places(&self) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        let mut inputs = 0.0;
        for node in &self.nodes {
            let place = match node.source {
                Source::Input(_) => {
                    inputs += 1.0;
                    Place { column: 0.0, row: inputs - 1.0 }
                }
                Source::Sum([a, b]) | Source::Product([a, b]) => beside(places[a], places[b]),
            };
            places.push(place);
        }
        places
    }
}

/// The place of an operation on values drawn at `a` and `b`.
fn beside(a: Place, b: Place) -> Place {
    let row = match (a.column > 0.0, b.column > 0.0) {
        (true, false) => a.row,
        (false, true) => b.row,
        _ => f64::midpoint(a.row, b.row),
    };
    Place { column: a.column.max(b.column) + 1.0, row }
}

impl Place {
    /// The middle of a circle, the end of a name.
    fn x(self) -> f64 {
        NAME_WIDTH + self.column * COLUMN
    }

    fn y(self) -> f64 {
        (self.row + 0.5) * ROW
    }

    /// Where arrows start.
    fn exit(self) -> f64 {
        self.x() + if self.column > 0.0 { RADIUS } else { GAP }
    }
}

fn circle(place: Place, symbol: &str) -> String {
    let (x, y) = (place.x(), place.y());
    let circle = format!(r#"<circle cx="{x}" cy="{y}" r="{RADIUS}" fill="none" stroke="{INK}" stroke-width="1.5"/>"#);
    circle + &text(x, y + 6.0, "middle", INK, symbol)
}

/// Level up to the column before the target, then straight to the target's rim.
fn arrow(from: Place, to: Place, value: f64, gradient: f64) -> String {
    let turn = to.x() - COLUMN + LEVEL;
    let (dx, dy) = (to.x() - turn, to.y() - from.y());
    let rim = 1.0 - RADIUS / dx.hypot(dy);
    let end = (turn + rim * dx, from.y() + rim * dy);
    line(&[(from.exit(), from.y()), (turn, from.y()), end]) + &numbers(from, value, gradient)
}

/// From the last operation to the name of its value.
fn result_arrow(from: Place, value: f64, name: &str) -> String {
    let end = from.exit() + LEVEL - RADIUS;
    line(&[(from.exit(), from.y()), (end, from.y())])
        + &numbers(from, value, 1.0)
        + &text(end + GAP, from.y() + 5.0, "start", INK, name)
}

fn line(points: &[(f64, f64)]) -> String {
    let mut list = String::new();
    for (x, y) in points {
        write!(list, "{x:.1},{y:.1} ").expect("a string takes what is written");
    }
    format!(
        r#"<polyline points="{}" fill="none" stroke="{INK}" stroke-width="1.5" marker-end="url(#head)"/>{}"#,
        list.trim_end(),
        '\n'
    )
}

/// The numbers of an arrow from `place`: its value above, its gradient below.
fn numbers(place: Place, value: f64, gradient: f64) -> String {
    let x = place.exit() + (LEVEL - RADIUS) / 2.0;
    text(x, place.y() - 7.0, "middle", INK, &short(value)) + &text(x, place.y() + 20.0, "middle", RED, &short(gradient))
}

fn text(x: f64, y: f64, anchor: &str, colour: &str, text: &str) -> String {
    format!(r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" fill="{colour}">{text}</text>{}"#, '\n')
}

/// At most six decimals: the drawing does not show the rounding of binary fractions.
fn short(number: f64) -> String {
    ((number * 1e6).round() / 1e6).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_value_collects_the_gradients_of_its_uses() {
        let mut graph = Graph::default();
        let (x, y) = (graph.input("x", 3.0), graph.input("y", 5.0));
        let product = graph.multiply(x, y);
        let square = graph.multiply(x, x);
        graph.add(product, square);
        assert_eq!(graph.result().to_string(), "24");
        assert_eq!(graph.input_gradients(), vec![11.0, 3.0]);
    }

    #[test]
    fn the_drawing_holds_every_operation_name_and_number() {
        let mut graph = Graph::default();
        let (x, y) = (graph.input("x", 3.0), graph.input("y", 0.1));
        let product = graph.multiply(x, y);
        graph.add(product, y);
        let svg = graph.draw("z");
        for text in ["x", "y", "z", "×", "+", "3", "0.1", "0.3", "0.4", "1"] {
            assert!(svg.contains(&format!(">{text}</text>")), "{text} is missing");
        }
        assert_eq!(svg.matches("<circle").count(), 2);
        assert_eq!(svg.matches("<polyline").count(), 5);
    }
}
