"""The reference work of this project in its own engine's way, in Mesa objects and in Starsim:
`python -m benchmarks`.
"""
