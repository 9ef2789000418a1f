"""Code tables of national standards: sex GB/T 2261.1, ethnic groups GB/T 3304-1991.

Codes are strings: leading zeros count. 97 and 98 are police practice, not in GB/T 3304 (grade G).
"""

from collections.abc import Mapping

SEXES: Mapping[str, str] = {"0": "未知", "1": "男", "2": "女", "9": "未说明"}

_GROUPS = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 "
    "柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 "
    "塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)

ETHNIC_GROUPS: Mapping[str, str] = {
    **{f"{number:02}": f"{name}族" for number, name in enumerate(_GROUPS.split(), start=1)},
    "97": "其他",
    "98": "外国血统中国籍人士",
}
