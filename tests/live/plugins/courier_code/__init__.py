"""A plugin of the tests: numbered strokes, parcels, a picture and notes, so that loss and doubles show."""
