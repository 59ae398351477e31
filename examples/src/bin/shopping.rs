//! Computes the book's two bills and their gradients to the last digit, and draws both graphs as the book does.

use anyhow::{Context, Result};
use constgrad::prelude::*;
use constgrad_examples::drawing::Graph;
use nalgebra::vector;
use rand::SeedableRng;
use rand::rngs::SmallRng;

network! {
    /// The price of some apples.
    struct Apples(apple: [1], apples: [1], tax: [1]) -> [1] {
        let apple_price = apple * apples;
        apple_price * tax
    }
}

network! {
    /// The price of some apples and oranges.
    struct Shopping(apple: [1], apples: [1], orange: [1], oranges: [1], tax: [1]) -> [1] {
        let apple_price = apple * apples;
        let orange_price = orange * oranges;
        (apple_price + orange_price) * tax
    }
}

/// A price and its gradients by what it is computed from, in order.
struct Bill<const N: usize> {
    price: f64,
    gradients: [f64; N],
}

fn main() -> Result<()> {
    println!("2 apples at 100, tax 1.1\n{}", print_apples(&buy_apples()));
    save(&draw_apples(), "apples.svg")?;
    println!("\n2 apples at 100, 3 oranges at 150, tax 1.1\n{}", print_shopping(&go_shopping()));
    save(&draw_shopping(), "shopping.svg")
}

/// What every network is made with; these draw nothing.
fn rng() -> SmallRng {
    SmallRng::seed_from_u64(0)
}

fn buy_apples() -> Bill<3> {
    let net = Apples::<f64>::init(&mut rng());
    let (apple, apples, tax) = (vector![100.0], vector![2.0], vector![1.1]);
    let price = net.predict(&apple, &apples, &tax);
    let (_, d) = net.backward(&apple, &apples, &tax, &vector![1.0]);
    Bill { price: price[0], gradients: [d.apple[0], d.apples[0], d.tax[0]] }
}

fn go_shopping() -> Bill<5> {
    let net = Shopping::<f64>::init(&mut rng());
    let (apple, apples, orange, oranges) = (vector![100.0], vector![2.0], vector![150.0], vector![3.0]);
    let tax = vector![1.1];
    let price = net.predict(&apple, &apples, &orange, &oranges, &tax);
    let (_, d) = net.backward(&apple, &apples, &orange, &oranges, &tax, &vector![1.0]);
    Bill { price: price[0], gradients: [d.apple[0], d.apples[0], d.orange[0], d.oranges[0], d.tax[0]] }
}

/// As the book prints it: every digit.
fn print_apples(bill: &Bill<3>) -> String {
    let [apple, apples, tax] = bill.gradients;
    format!("price: {}\ngradients: {apple} {apples} {tax}", bill.price)
}

/// As the book prints it: the price and the gradients by the numbers of fruit cut to integers, that by the orange
/// rounded to one decimal.
fn print_shopping(bill: &Bill<5>) -> String {
    let [apple, apples, orange, oranges, tax] = bill.gradients;
    let (price, apples, oranges) = (bill.price.trunc(), apples.trunc(), oranges.trunc());
    format!(
        "price: {price}\ndApple: {apple}\ndApple_num: {apples}\n\
         dOrange: {orange:.1}\ndOrange_num: {oranges}\ndTax: {tax}"
    )
}

fn draw_apples() -> Graph {
    let mut graph = Graph::default();
    let (apple, apples) = (graph.input("apple", 100.0), graph.input("apples", 2.0));
    let tax = graph.input("tax", 1.1);
    let apple_price = graph.multiply(apple, apples);
    graph.multiply(apple_price, tax);
    graph
}

fn draw_shopping() -> Graph {
    let mut graph = Graph::default();
    let (apple, apples) = (graph.input("apple", 100.0), graph.input("apples", 2.0));
    let (orange, oranges) = (graph.input("orange", 150.0), graph.input("oranges", 3.0));
    let tax = graph.input("tax", 1.1);
    let apple_price = graph.multiply(apple, apples);
    let orange_price = graph.multiply(orange, oranges);
    let fruit_price = graph.add(apple_price, orange_price);
    graph.multiply(fruit_price, tax);
    graph
}

/// Writes the drawing of a price beside this program.
fn save(graph: &Graph, name: &str) -> Result<()> {
    let path = std::env::current_exe()?.with_file_name(name);
    std::fs::write(&path, graph.draw("price")).with_context(|| format!("cannot write {}", path.display()))?;
    println!("drawn in {}", path.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bills_are_the_books() {
        assert_eq!(print_apples(&buy_apples()), "price: 220.00000000000003\ngradients: 2.2 110.00000000000001 200");
        let book = "price: 715\ndApple: 2.2\ndApple_num: 110\ndOrange: 3.3\ndOrange_num: 165\ndTax: 650";
        assert_eq!(print_shopping(&go_shopping()), book);
    }

    /// The drawn graphs differentiate on their own: they agree with the networks to the last bit.
    #[test]
    fn the_drawings_show_what_the_networks_compute() {
        assert_shows(&draw_apples(), &buy_apples());
        assert_shows(&draw_shopping(), &go_shopping());
    }

    fn assert_shows<const N: usize>(graph: &Graph, bill: &Bill<N>) {
        assert_eq!(graph.result().to_bits(), bill.price.to_bits());
        assert_eq!(graph.input_gradients(), bill.gradients.to_vec());
    }
}
