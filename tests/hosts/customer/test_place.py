from deskside_customer.qt.place import Area, kept_inside, lower_right, middle

WORK = Area(0, 30, 1280, 740)


def test_the_notice_stands_in_the_lower_right_of_the_work_area() -> None:
    assert lower_right(WORK, 280, 300) == (1280 - 280 - 12, 30 + 740 - 300 - 12)


def test_the_code_is_asked_for_in_the_middle() -> None:
    assert middle(WORK, 280, 300) == (500, 250)


def test_a_moved_window_stays_whole() -> None:
    assert kept_inside(WORK, Area(2000, 2000, 280, 300)) == (1000, 470)
    assert kept_inside(WORK, Area(-50, -50, 280, 300)) == (0, 30)
    assert kept_inside(WORK, Area(100, 100, 280, 300)) == (100, 100)
    assert kept_inside(WORK, Area(0, 0, 280, 3000)) == (0, 30)
