"""Studies of the model: what the baseline does, the null law, each lever alone, where a town
slides. Commands, not tests.
"""
