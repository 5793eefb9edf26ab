print("weir-sim")
