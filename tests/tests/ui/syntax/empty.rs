use constgrad::network;

network! {}

fn main() {}
